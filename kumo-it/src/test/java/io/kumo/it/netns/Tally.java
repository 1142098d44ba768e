package io.kumo.it.netns;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.HistoryChecker;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import io.kumo.it.sim.history.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of the operations of a load, against what was read at the end: each acknowledged
 * append there once, each counter between what was acknowledged and that with what may have
 * happened. Beside it stands what {@link HistoryChecker} finds in the same history, reads and
 * compares included.
 *
 * @param lost acknowledged appends and increments that are not there
 * @param forked pieces that are there twice, values of counters given out twice, reads that are no
 *     beginning of what was read at the end, and keys that the gateways differ about
 * @param problems what the checker found
 */
record Tally(
    int operations, int acknowledged, int unknown, int lost, int forked, List<Violation> problems) {

  static Tally of(History history) {
    int operations = 0;
    int acknowledged = 0;
    int unknown = 0;
    for (ClientOp op : history.ops()) {
      operations++;
      unknown += op.isUnknown() ? 1 : 0;
      acknowledged += op.outcome() == OpOutcome.DONE && !op.isRead() ? 1 : 0;
    }
    Books books = new Books();
    history.byKey().forEach(books::settle);
    return new Tally(
        operations,
        acknowledged,
        unknown,
        books.lost,
        books.forked,
        HistoryChecker.checkLinearizable(history));
  }

  /** Adds up over the keys. */
  private static final class Books {
    private int lost;
    private int forked;

    void settle(String key, List<ClientOp> ops) {
      List<String> last =
          ops.stream()
              .filter(op -> op.client() == Load.READER && op.isRead() && !op.isUnknown())
              .map(op -> String.valueOf(op.value()))
              .toList();
      String end = last.get(0);
      forked += last.stream().allMatch(end::equals) ? 0 : 1;
      switch (Load.kind(key)) {
        case 'a' -> settleAppends(ops, end);
        case 'n' -> settleCounts(ops, end);
        default -> {}
      }
    }

    private void settleAppends(List<ClientOp> ops, String end) {
      Map<String, Integer> pieces = new TreeMap<>();
      for (String piece : end.split("(?=<)", -1)) {
        pieces.merge(piece, 1, Integer::sum);
      }
      for (ClientOp op : ops) {
        int times = pieces.getOrDefault(op.argument(), 0);
        if (op.kind() == OpKind.APPEND) {
          lost += times == 0 && op.outcome() == OpOutcome.DONE ? 1 : 0;
          forked += times > 1 ? 1 : 0;
        } else if (op.isRead() && op.outcome() == OpOutcome.DONE) {
          forked += end.startsWith(String.valueOf(op.value())) ? 0 : 1;
        }
      }
    }

    private void settleCounts(List<ClientOp> ops, String end) {
      long counted = Long.parseLong(end);
      List<String> given = new ArrayList<>();
      long unknown = 0;
      for (ClientOp op : ops) {
        if (op.kind() == OpKind.INCR) {
          unknown += op.isUnknown() ? 1 : 0;
          if (op.outcome() == OpOutcome.DONE) {
            given.add(String.valueOf(op.value()));
          }
        }
      }
      Set<String> different = new HashSet<>(given);
      lost += (int) Math.max(0, given.size() - counted);
      forked += (int) Math.max(0, counted - given.size() - unknown);
      forked += given.size() - different.size();
    }
  }

  boolean isSound() {
    return lost == 0 && forked == 0 && problems.isEmpty();
  }

  @Override
  public String toString() {
    return String.format(
        "%d operations, %d writes acknowledged, %d of unknown outcome, %d lost, %d forked, %d keys"
            + " not linearizable",
        operations, acknowledged, unknown, lost, forked, problems.size());
  }
}
