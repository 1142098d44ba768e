package io.kumo.core.rpc;

import io.kumo.core.protocol.ErrorCode;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one session that wait for an answer, by message id. Confined to the loop; bounded by
 * its owner.
 */
final class PendingCalls {
  /** One call. {@code connection} is null while it waits for a connection. */
  static final class Call {
    final ReplyHandler handler;
    final long deadlineNs;
    @Nullable RpcConnection connection;

    Call(ReplyHandler handler, long deadlineNs, @Nullable RpcConnection connection) {
      this.handler = handler;
      this.deadlineNs = deadlineNs;
      this.connection = connection;
    }
  }

  private final IntObjectHashMap<Call> calls = new IntObjectHashMap<>();

  int size() {
    return calls.size();
  }

  void add(int messageId, Call call) {
    calls.put(messageId, call);
  }

  @Nullable Call remove(int messageId) {
    return calls.remove(messageId);
  }

  boolean contains(int messageId) {
    return calls.containsKey(messageId);
  }

  /** The calls that waited for a connection went out on this one. */
  void sentOn(RpcConnection connection) {
    for (Call call : calls.values()) {
      if (call.connection == null) {
        call.connection = connection;
      }
    }
  }

  /** Fails all calls whose deadline has passed. */
  void expire(long nowNs) {
    if (!calls.isEmpty()) {
      fail(call -> call.deadlineNs - nowNs <= 0, ErrorCode.TIMEOUT, "no answer in time");
    }
  }

  /**
   * Fails all calls that {@code which} accepts. They are taken out first: a handler may call again
   * at once.
   */
  void fail(Predicate<Call> which, ErrorCode code, String detail) {
    List<Call> failed = new ArrayList<>();
    calls
        .values()
        .removeIf(
            call -> {
              boolean fails = which.test(call);
              if (fails) {
                failed.add(call);
              }
              return fails;
            });
    failed.forEach(call -> call.handler.error(code, detail));
  }
}
