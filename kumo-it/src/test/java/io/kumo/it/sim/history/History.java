package io.kumo.it.sim.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that clients asked and were answered, in one order of calls and answers. */
public final class History {
  private final List<ClientOp> ops = new ArrayList<>();
  private long events;

  /** A get or a delete. */
  public ClientOp call(int client, OpKind kind, String key) {
    return call(client, kind, key, "", 0);
  }

  public ClientOp call(int client, OpKind kind, String key, String argument) {
    return call(client, kind, key, argument, 0);
  }

  public ClientOp call(int client, OpKind kind, String key, String argument, long compare) {
    ClientOp op = new ClientOp(ops.size(), client, key, kind, argument, compare, events++);
    ops.add(op);
    return op;
  }

  public void answer(ClientOp op, OpOutcome outcome) {
    answer(op, outcome, null, 0);
  }

  public void answer(ClientOp op, OpOutcome outcome, @Nullable String value, long token) {
    op.answer(outcome, value, token, events++);
  }

  public List<ClientOp> ops() {
    return Collections.unmodifiableList(ops);
  }

  /** The operations of each key, in the order of their calls. */
  public Map<String, List<ClientOp>> byKey() {
    Map<String, List<ClientOp>> keys = new TreeMap<>();
    for (ClientOp op : ops) {
      keys.computeIfAbsent(op.key(), k -> new ArrayList<>()).add(op);
    }
    return keys;
  }
}
