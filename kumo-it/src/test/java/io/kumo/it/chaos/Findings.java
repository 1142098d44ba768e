package io.kumo.it.chaos;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.HistoryChecker;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import io.kumo.it.sim.history.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts what was done and what went wrong, over all rounds. */
final class Findings {
  /** The reader at the end of a round. */
  static final int READER = 1000;

  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final List<String> problems = new ArrayList<>();
  private long operations;
  private long acknowledgedWrites;
  private long unknown;
  private long reread;
  private long oldReads;
  private int lost;
  private int wrong;
  private int cameBack;

  /** Holds the history of a round against the promise. */
  void judge(int round, Fault fault, History history) {
    faults.merge(fault, 1, Integer::sum);
    count(history);
    List<Violation> all = HistoryChecker.checkLinearizable(history);
    List<Violation> broken = all;
    if (fault.hangs() && !all.isEmpty()) {
      broken = HistoryChecker.checkWrites(history, READER);
      oldReads += Math.max(0, all.size() - broken.size());
    }
    for (Violation violation : broken) {
      report(round, fault, violation.toString());
      classify(history, violation.detail().substring(0, violation.detail().indexOf(':')));
    }
  }

  private void count(History history) {
    for (ClientOp op : history.ops()) {
      operations++;
      unknown += op.isUnknown() ? 1 : 0;
      acknowledgedWrites += !op.isRead() && op.outcome() == OpOutcome.DONE ? 1 : 0;
    }
  }

  private void classify(History history, String key) {
    ClientOp write = null;
    ClientOp read = null;
    for (ClientOp op : history.byKey().getOrDefault(key, List.of())) {
      if (op.client() == READER) {
        read = op;
      } else if (!op.isRead() && op.outcome() == OpOutcome.DONE) {
        write = write == null || op.answeredAt() > write.answeredAt() ? op : write;
      }
    }
    boolean deleted = write != null && write.kind() == OpKind.DELETE;
    if (read != null && read.value() != null && deleted) {
      cameBack++;
    } else if (read != null && read.value() == null) {
      lost++;
    } else {
      wrong++;
    }
  }

  /** A key of a former round, which nobody has touched since. */
  void rereadOf(int round, Fault fault, String key, @Nullable String was, @Nullable String is) {
    reread++;
    if (Objects.equals(was, is)) {
      return;
    }
    if (was == null) {
      cameBack++;
    } else if (is == null) {
      lost++;
    } else {
      wrong++;
    }
    report(round, fault, "untouched " + key + " was " + was + " and is " + is);
  }

  void report(int round, Fault fault, String problem) {
    problems.add("round " + round + " " + fault + ": " + problem);
    System.out.println(problems.get(problems.size() - 1));
  }

  List<String> problems() {
    return problems;
  }

  @Override
  public String toString() {
    int rounds = faults.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        "%d rounds %s%n%d operations, %d acknowledged writes, %d of unknown outcome (%.2f %%); %d"
            + " keys of former rounds read again%n%d acknowledged writes lost, %d wrong values, %d"
            + " deleted keys back, %d other problems; %d keys with an old read while a process hung",
        rounds,
        faults,
        operations,
        acknowledgedWrites,
        unknown,
        100.0 * unknown / Math.max(1, operations),
        reread,
        lost,
        wrong,
        cameBack,
        problems.size() - lost - wrong - cameBack,
        oldReads);
  }
}
