package io.kumo.it.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Goes through the states of a {@link Model}, until something is wrong or there are enough. */
final class Explorer {
  /**
   * What came of it.
   *
   * @param states different ones that were seen
   * @param depth steps from the beginning to the farthest
   * @param whole whether there are no others within the bounds
   * @param violation what is wrong; null if nothing is
   * @param trace the steps that lead to it
   */
  record Result(
      int states, int depth, boolean whole, @Nullable String violation, List<String> trace) {
    @Override
    public String toString() {
      String how = violation == null ? (whole ? "whole" : "cut off") : violation;
      return states + " states, depth " + depth + ", " + how;
    }
  }

  /** So many states, and later each of so many, are followed to their end without any fault. */
  private static final int SETTLE_FIRST = 1_000;

  private static final int SETTLE_EVERY = 64;

  private static final String STUCK = "a view is not committed although every message arrives";

  private final Model model;
  private final Progress progress;
  private final Fingerprints seen = new Fingerprints();
  private Rows rows = new Rows(1);
  private int row;
  private @Nullable String violation;
  private int last;

  private Explorer(Model model) {
    this.model = model;
    this.progress = new Progress(model);
  }

  /** Breadth first: the shortest way to what is wrong. */
  static Result breadthFirst(Model model, int maxStates) {
    return new Explorer(model).search(maxStates);
  }

  /**
   * Many walks from the beginning, each step chosen at random, to where breadth first does not get.
   *
   * @param steps of one walk, at most
   */
  static Result walks(Model model, long seed, int walks, int steps) {
    return new Explorer(model).walk(new Random(seed), walks, steps);
  }

  private Result search(int maxStates) {
    int[] initial = model.initial();
    rows = new Rows(initial.length + 2);
    seen.add(initial);
    rows.add(initial, -1, 0);
    int depth = 0;
    int levelEnd = 1;
    for (row = 0; row < rows.size() && violation == null; row++) {
      if (row == levelEnd) {
        depth++;
        levelEnd = rows.size();
      }
      if (rows.size() >= maxStates) {
        return new Result(rows.size(), depth, false, null, List.of());
      }
      model.successors(rows.state(row), this::keep);
    }
    return new Result(rows.size(), depth, violation == null, violation, trace());
  }

  private void keep(int[] state, int label, @Nullable String wrong) {
    String what = wrong;
    if (violation == null && seen.add(state)) {
      rows.add(state, row, label);
      boolean sampled = rows.size() < SETTLE_FIRST || rows.size() % SETTLE_EVERY == 0;
      what = wrong == null && sampled && !progress.settles(state) ? STUCK : wrong;
    }
    if (violation == null && what != null) {
      violation = what;
      rows.add(state, row, label);
      last = rows.size() - 1;
    }
  }

  private List<String> trace() {
    List<String> steps = new ArrayList<>();
    for (int at = last; at > 0; at = rows.parent(at)) {
      steps.add(Label.text(rows.label(at), model));
    }
    Collections.reverse(steps);
    return violation == null ? List.of() : steps;
  }

  private Result walk(Random random, int walks, int steps) {
    int depth = 0;
    for (int i = 0; i < walks && violation == null; i++) {
      List<String> trace = new ArrayList<>();
      int[] state = model.initial();
      for (int step = 0; step < steps && violation == null; step++) {
        List<int[]> next = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        int[] wrong = {-1};
        model.successors(
            state,
            (s, label, what) -> {
              if (what != null && wrong[0] < 0) {
                wrong[0] = labels.size();
                violation = what;
              }
              next.add(s);
              labels.add(label);
            });
        if (next.isEmpty()) {
          break;
        }
        int chosen = wrong[0] >= 0 ? wrong[0] : random.nextInt(next.size());
        state = next.get(chosen);
        trace.add(Label.text(labels.get(chosen), model));
        next.forEach(seen::add);
        depth = Math.max(depth, step + 1);
      }
      if (violation != null) {
        return new Result(seen.size(), trace.size(), false, violation, trace);
      }
    }
    return new Result(seen.size(), depth, false, null, List.of());
  }
}
