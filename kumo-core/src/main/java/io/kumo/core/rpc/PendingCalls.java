package io.kumo.core.rpc;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one session that wait for an answer, by message id. Confined to the loop.
 *
 * <p>Invariants: a call lies in the slot that the low bits of its id name, and there is one call a
 * slot: an id whose slot is taken is never given out. At most half of the slots are taken, or there
 * are twice as many as calls are allowed; so giving out an id ends soon. Calls cost no allocation.
 */
final class PendingCalls {
  private static final int FIRST_SLOTS = 64;
  private static final int MAX_SLOTS = 2 * Limits.MAX_PENDING_CALLS;

  /** Which calls {@link #fail} takes out. */
  @FunctionalInterface
  private interface Choice {
    boolean takes(int slot);
  }

  private final Guard guard;
  private @Nullable ReplyHandler[] handlers = new ReplyHandler[FIRST_SLOTS];
  private @Nullable RpcConnection[] connections = new RpcConnection[FIRST_SLOTS];
  private long[] deadlinesNs = new long[FIRST_SLOTS];
  private int[] ids = new int[FIRST_SLOTS];
  private int size;
  private int lastId;

  PendingCalls(Guard guard) {
    this.guard = guard;
  }

  int size() {
    return size;
  }

  /**
   * Adds a call and returns its message id.
   *
   * @param connection null while the call waits for one
   */
  int add(ReplyHandler handler, long deadlineNs, @Nullable RpcConnection connection) {
    if (2 * size >= handlers.length && handlers.length < MAX_SLOTS) {
      grow();
    }
    do {
      lastId++;
    } while (handlers[slot(lastId)] != null);
    put(slot(lastId), lastId, handler, deadlineNs, connection);
    size++;
    return lastId;
  }

  private void put(
      int slot, int id, ReplyHandler handler, long deadlineNs, @Nullable RpcConnection connection) {
    handlers[slot] = handler;
    connections[slot] = connection;
    deadlinesNs[slot] = deadlineNs;
    ids[slot] = id;
  }

  /** Calls in different slots of few are in different slots of more. */
  private void grow() {
    @Nullable ReplyHandler[] oldHandlers = handlers;
    @Nullable RpcConnection[] oldConnections = connections;
    long[] oldDeadlinesNs = deadlinesNs;
    int[] oldIds = ids;
    int slots = 2 * oldHandlers.length;
    handlers = new ReplyHandler[slots];
    connections = new RpcConnection[slots];
    deadlinesNs = new long[slots];
    ids = new int[slots];
    for (int i = 0; i < oldHandlers.length; i++) {
      ReplyHandler handler = oldHandlers[i];
      if (handler != null) {
        put(slot(oldIds[i]), oldIds[i], handler, oldDeadlinesNs[i], oldConnections[i]);
      }
    }
  }

  /** Takes a call out and returns its handler; null when none waits under this id. */
  @Nullable ReplyHandler remove(int id) {
    int slot = slot(id);
    return ids[slot] == id ? take(slot) : null;
  }

  private @Nullable ReplyHandler take(int slot) {
    ReplyHandler handler = handlers[slot];
    if (handler != null) {
      handlers[slot] = null;
      connections[slot] = null;
      size--;
    }
    return handler;
  }

  private int slot(int id) {
    return id & (handlers.length - 1);
  }

  /** The calls that waited for a connection went out on this one. */
  void sentOn(RpcConnection connection) {
    for (int i = 0; i < handlers.length; i++) {
      if (handlers[i] != null && connections[i] == null) {
        connections[i] = connection;
      }
    }
  }

  /** Fails all calls whose deadline has passed. */
  void expire(long nowNs) {
    fail(slot -> deadlinesNs[slot] - nowNs <= 0, ErrorCode.TIMEOUT, "no answer in time");
  }

  /** Fails the calls that went out on a connection. */
  void failSentOn(RpcConnection connection, String detail) {
    fail(slot -> connections[slot] == connection, ErrorCode.TRANSPORT_LOST, detail);
  }

  /** Fails the calls that wait for a connection. */
  void failUnsent(String detail) {
    fail(slot -> connections[slot] == null, ErrorCode.NOT_SENT, detail);
  }

  /** Fails all calls. */
  void failAll(String detail) {
    fail(slot -> true, ErrorCode.NODE_LOST, detail);
  }

  /** Takes the calls out first, oldest first: a handler may call again at once. */
  private void fail(Choice choice, ErrorCode code, String detail) {
    if (size == 0) {
      return;
    }
    List<ReplyHandler> failed = new ArrayList<>();
    for (int i = 1; i <= handlers.length; i++) {
      int slot = slot(lastId + i);
      if (handlers[slot] != null && choice.takes(slot)) {
        ReplyHandler handler = take(slot);
        if (handler != null) {
          failed.add(handler);
        }
      }
    }
    failed.forEach(handler -> fail(guard, handler, code, detail));
  }

  /** Tells one handler; what it throws is its own affair. */
  static void fail(Guard guard, ReplyHandler handler, ErrorCode code, String detail) {
    guard.run("reply handler", handler, () -> handler.error(code, detail));
  }
}
