package io.kumo.it.sim.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of one key's operations that a single {@link Register} would have answered as
 * the clients were, with every operation somewhere between its call and its answer (Wing and Gong's
 * search, remembering the configurations that led nowhere, as Lowe does).
 *
 * <p>An operation without answer may stand anywhere after its call, or nowhere. It is tried only
 * when nothing that was answered fits, and only where it changes the register; of several that
 * nobody can tell apart only the one called first is tried. A step that leaves the register as it
 * is is taken at once, for taking it later can not help.
 */
final class Linearizability {
  /** Configurations after which a search gives up; far more than any sound run needs. */
  private static final int MAX_CONFIGURATIONS = 1_000_000;

  /** The same for an attempt with few of the operations without answer. */
  private static final int MAX_AT_FIRST = 200_000;

  /** Operations without answer that may have taken effect, in one attempt after the other. */
  private static final int[] BUDGETS = {0, 1, 3, 8, 20};

  private record Configuration(long set1, long set2, long register) {}

  /** One choice on the way: what was done, and what is left to try. */
  private static final class Frame {
    final Register register;
    final int[] undo;
    final List<ClientOp> choices;
    int next;

    Frame(Register register, int[] undo, List<ClientOp> choices) {
      this.register = register;
      this.undo = undo;
      this.choices = choices;
    }
  }

  private final List<ClientOp> answered = new ArrayList<>();
  private final List<ClientOp> unknown = new ArrayList<>();
  private final Map<ClientOp, Integer> place = new HashMap<>();
  private final Map<String, Long> tokenOfValue = new HashMap<>();
  private final Set<String> seenValues = new HashSet<>();
  private final Set<Configuration> dead = new HashSet<>();
  private final PendingTokens pending = new PendingTokens();
  private final long[] tokens;
  private final String[] likeness;
  private final boolean trusting;
  private final boolean counts;
  private final long increments;
  private final boolean[] done;
  private final ClientOp[] all;
  private int doneAnswered;
  private int doneUnknown;
  private int budget;
  private int firstOpen;
  private long set1;
  private long set2;
  private int deepest = -1;
  private String blocked = "";

  Linearizability(List<ClientOp> ops) {
    this(ops, ops);
  }

  /**
   * @param ops to be ordered
   * @param seen all that was seen of the key, for what it tells of tokens; where it is more than
   *     {@code ops}, somebody may have read a token of which nothing is known here
   */
  Linearizability(List<ClientOp> ops, List<ClientOp> seen) {
    trusting = seen.size() > ops.size();
    for (ClientOp op : ops) {
      if (op.isUnknown()) {
        if (!op.isRead()) {
          unknown.add(op);
        }
      } else if (op.outcome() != OpOutcome.NOTHING) {
        answered.add(op);
      }
    }
    answered.sort(Comparator.comparingLong(ClientOp::calledAt));
    unknown.sort(Comparator.comparingLong(ClientOp::calledAt));
    all = new ClientOp[answered.size() + unknown.size()];
    done = new boolean[all.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < answered.size() ? answered.get(i) : unknown.get(i - answered.size());
      place.put(all[i], i);
    }
    counts = seen.stream().anyMatch(op -> op.kind() == OpKind.INCR);
    increments =
        seen.stream()
            .filter(op -> op.kind() == OpKind.INCR)
            .mapToLong(op -> Long.parseLong(op.argument()))
            .sum();
    learnTokens(seen);
    tokens = new long[all.length];
    for (int i = 0; i < all.length; i++) {
      tokens[i] = all[i].isRead() ? all[i].token() : knownToken(all[i]);
      pending.add(tokens[i]);
    }
    pending.freeze();
    likeness = unknown.stream().map(this::likeness).toArray(String[]::new);
  }

  /**
   * Values are unique where writers see to it; one seen with one token tells the token of its
   * write.
   */
  private void learnTokens(List<ClientOp> seen) {
    for (ClientOp op : seen) {
      String value = op.value();
      if (value != null) {
        seenValues.add(value);
        if (op.isRead() && op.token() != 0) {
          tokenOfValue.merge(value, op.token(), (a, b) -> a.equals(b) ? a : 0L);
        }
      }
    }
    Map<String, Integer> writers = new HashMap<>();
    for (ClientOp op : all) {
      if (storesItsArgument(op)) {
        writers.merge(op.argument(), 1, Integer::sum);
      }
    }
    tokenOfValue.keySet().removeIf(value -> writers.getOrDefault(value, 0) != 1);
  }

  private static boolean storesItsArgument(ClientOp op) {
    return switch (op.kind()) {
      case SET, ADD, REPLACE, CAS -> true;
      case GET, APPEND, INCR, DELETE -> false;
    };
  }

  private long knownToken(ClientOp op) {
    if (op.isRead()) {
      return 0;
    }
    if (op.token() != 0) {
      return op.token();
    }
    return storesItsArgument(op) ? tokenOfValue.getOrDefault(op.argument(), 0L) : 0;
  }

  /**
   * Null when there is such an order, else what stands in the way. A sound history needs few of the
   * operations without answer, so it is tried with few of them first: with all of them, one wrong
   * turn opens more ways than can be tried.
   */
  @Nullable String search() {
    for (int budget : BUDGETS) {
      if (budget < unknown.size() && search(budget) == null) {
        return null;
      }
    }
    return search(unknown.size());
  }

  private @Nullable String search(int mostUnknown) {
    budget = mostUnknown;
    dead.clear();
    deepest = -1;
    List<Frame> stack = new ArrayList<>();
    String problem = search(stack);
    for (int i = stack.size() - 1; i >= 0; i--) {
      undo(stack.get(i));
    }
    return problem;
  }

  private @Nullable String search(List<Frame> stack) {
    Frame start = enter(Register.EMPTY, new int[0]);
    if (start == null) {
      return null;
    }
    stack.add(start);
    while (!stack.isEmpty()) {
      Frame top = stack.get(stack.size() - 1);
      if (top.next == top.choices.size()) {
        undo(top);
        stack.remove(stack.size() - 1);
        continue;
      }
      ClientOp op = top.choices.get(top.next++);
      if (op.isUnknown() && doneUnknown == budget) {
        continue;
      }
      Register after = step(op, top.register);
      if (after == null) {
        continue;
      }
      int index = place.get(op);
      mark(index, true);
      if (!dead.add(new Configuration(set1, set2, after.fingerprint()))) {
        mark(index, false);
        continue;
      }
      if (dead.size() > (budget < unknown.size() ? MAX_AT_FIRST : MAX_CONFIGURATIONS)) {
        mark(index, false);
        return "undecided after " + MAX_CONFIGURATIONS + " configurations; " + blocked;
      }
      Frame frame = enter(after, new int[] {index});
      if (frame == null) {
        return null;
      }
      stack.add(frame);
    }
    return blocked;
  }

  private @Nullable Register step(ClientOp op, Register register) {
    long token = op.isRead() ? 0 : tokens[place.get(op)];
    Register after =
        op.isUnknown()
            ? register.afterUnknown(op, token, trusting)
            : register.after(op, token, trusting);
    if (after == null || register.equals(after) || op.isRead()) {
      return after;
    }
    boolean leavesNothingBehind =
        token == 0 ? !pending.anyUpTo(register.floor()) : !pending.anyUpTo(token - 1);
    return leavesNothingBehind ? after : null;
  }

  /** Takes all steps that change nothing; null when that was all there was to do. */
  private @Nullable Frame enter(Register register, int[] taken) {
    int[] undo = taken;
    boolean again = true;
    while (again) {
      again = false;
      for (ClientOp op : open()) {
        if (register.equals(step(op, register))) {
          int index = place.get(op);
          mark(index, true);
          undo = Arrays.copyOf(undo, undo.length + 1);
          undo[undo.length - 1] = index;
          again = true;
        }
      }
    }
    if (doneAnswered == answered.size()) {
      return null;
    }
    List<ClientOp> open = open();
    note(register, open);
    List<ClientOp> choices = new ArrayList<>(open);
    addUnknown(choices, open);
    return new Frame(register, undo, choices);
  }

  private void note(Register register, List<ClientOp> open) {
    if (doneAnswered > deepest) {
      deepest = doneAnswered;
      StringBuilder text = new StringBuilder();
      text.append("no order explains, with ").append(register).append(" before it:");
      open.forEach(op -> text.append("\n      ").append(op));
      blocked = text.toString();
    }
  }

  /** Answered operations that may come next: called before any other open one was answered. */
  private List<ClientOp> open() {
    List<ClientOp> open = new ArrayList<>();
    long until = Long.MAX_VALUE;
    while (firstOpen < answered.size() && done[firstOpen]) {
      firstOpen++;
    }
    for (int i = firstOpen; i < answered.size(); i++) {
      ClientOp op = answered.get(i);
      if (op.calledAt() > until) {
        break;
      }
      if (!done[i]) {
        open.add(op);
        until = Math.min(until, op.answeredAt());
      }
    }
    long last = until;
    open.removeIf(op -> op.calledAt() > last);
    return open;
  }

  private void addUnknown(List<ClientOp> choices, List<ClientOp> open) {
    long until = open.stream().mapToLong(ClientOp::answeredAt).min().orElse(Long.MAX_VALUE);
    Set<String> alike = new HashSet<>();
    for (int i = 0; i < unknown.size(); i++) {
      ClientOp op = unknown.get(i);
      if (op.calledAt() > until) {
        break;
      }
      if (!done[answered.size() + i] && alike.add(likeness[i])) {
        choices.add(op);
      }
    }
  }

  /** The same for operations whose effects nobody can tell apart. */
  private String likeness(ClientOp op) {
    return switch (op.kind()) {
      case SET, ADD, REPLACE, APPEND -> op.kind() + (isSeenIn(op.argument()) ? op.argument() : "");
      case CAS -> "CAS " + op.compare() + (isSeenIn(op.argument()) ? op.argument() : "");
      case INCR -> "INCR " + op.argument();
      case DELETE -> "DELETE";
      case GET -> "GET";
    };
  }

  /** A number that is counted up may be seen in every sum that can come of it. */
  private boolean isSeenIn(String piece) {
    return seenValues.stream()
        .anyMatch(value -> counts ? isSum(value, piece) : value.contains(piece));
  }

  private boolean isSum(String value, String number) {
    long added = Long.parseLong(value) - Long.parseLong(number);
    return added >= 0 && added <= increments;
  }

  private void mark(int index, boolean isDone) {
    done[index] = isDone;
    pending.mark(tokens[index], isDone);
    if (index < answered.size()) {
      doneAnswered += isDone ? 1 : -1;
      if (!isDone) {
        firstOpen = Math.min(firstOpen, index);
      }
    } else {
      doneUnknown += isDone ? 1 : -1;
    }
    set1 ^= scramble(index + 1L);
    set2 ^= scramble(~(index + 1L));
  }

  private void undo(Frame frame) {
    for (int index : frame.undo) {
      mark(index, false);
    }
  }

  private static long scramble(long x) {
    long z = (x + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
