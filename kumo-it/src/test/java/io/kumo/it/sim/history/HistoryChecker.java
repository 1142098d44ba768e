package io.kumo.it.sim.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds a history against what clients are promised. */
public final class HistoryChecker {
  private HistoryChecker() {}

  /** All that is promised while managers agree: each key is one register, and a token wins once. */
  public static List<Violation> checkLinearizable(History history) {
    List<Violation> violations = new ArrayList<>();
    history
        .byKey()
        .forEach(
            (key, ops) -> {
              checkTokens(key, ops, violations);
              String problem = new Linearizability(ops).search();
              if (problem != null) {
                violations.add(new Violation("linearizable", key + ": " + problem));
              }
            });
    return violations;
  }

  /**
   * What holds while servers are cut off: reads may be old, and so may be what a condition found,
   * but the writes that were acknowledged, and what is read when all is healed, are one register's.
   *
   * @param firstReader clients from this number on read after the healing
   */
  public static List<Violation> checkWrites(History history, int firstReader) {
    List<Violation> violations = new ArrayList<>();
    history
        .byKey()
        .forEach(
            (key, ops) -> {
              List<ClientOp> kept =
                  ops.stream().filter(op -> isLasting(op) || op.client() >= firstReader).toList();
              String problem = new Linearizability(kept, ops).search();
              if (problem != null) {
                violations.add(new Violation("writes", key + ": " + problem));
              }
            });
    return violations;
  }

  private static boolean isLasting(ClientOp op) {
    boolean wrote = op.outcome() == OpOutcome.DONE || op.isUnknown();
    return wrote && !op.isRead();
  }

  /** What holds even while the cluster is split: whatever is read was written under that key. */
  public static List<Violation> checkNothingInvented(History history) {
    List<Violation> violations = new ArrayList<>();
    history
        .byKey()
        .forEach(
            (key, ops) -> {
              Set<String> pieces = new HashSet<>();
              ops.stream().filter(op -> !op.isRead()).forEach(op -> pieces.add(op.argument()));
              for (ClientOp op : ops) {
                String value = op.value();
                if (op.isRead() && value != null && !isMadeOf(value, pieces)) {
                  violations.add(new Violation("nothing invented", op.toString()));
                }
              }
            });
    return violations;
  }

  /** Values of counters are numbers and sums, of which only the form is checked. */
  private static boolean isMadeOf(String value, Set<String> pieces) {
    if (value.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
      return true;
    }
    for (String piece : value.split("(?=<)", -1)) {
      if (!pieces.contains(piece)) {
        return false;
      }
    }
    return true;
  }

  private static void checkTokens(String key, List<ClientOp> ops, List<Violation> violations) {
    Map<Long, ClientOp> winners = new HashMap<>();
    Map<Long, ClientOp> seen = new HashMap<>();
    for (ClientOp op : ops) {
      if (op.kind() == OpKind.CAS && op.outcome() == OpOutcome.DONE) {
        report(key, "CAS fork", winners.put(op.compare(), op), op, violations);
      }
      if (op.isRead() && op.outcome() == OpOutcome.DONE && op.token() != 0) {
        ClientOp other = seen.putIfAbsent(op.token(), op);
        boolean differs = other != null && !String.valueOf(other.value()).equals(op.value());
        report(key, "one token, two values", differs ? other : null, op, violations);
      }
    }
  }

  private static void report(
      String key, String rule, @Nullable ClientOp one, ClientOp two, List<Violation> violations) {
    if (one != null) {
      violations.add(new Violation(rule, key + ":\n      " + one + "\n      " + two));
    }
  }
}
