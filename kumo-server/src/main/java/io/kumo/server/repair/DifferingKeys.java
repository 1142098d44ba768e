package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Keys of which anti-entropy has found that replicas differ, until they have been recovered; also
 * verified ones, as a replica may have come back without what was written meanwhile. Main loop
 * only. Bounds: the keys of one page of two servers, {@value #MAX_AT_ONCE} recovered at a time.
 */
final class DifferingKeys {
  private static final int MAX_AT_ONCE = 64;
  private static final long RETRY_NS = Duration.ofMillis(200).toNanos();

  private final WriteContext context;
  private final KeyGate gate;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>();
  private Runnable drained = () -> {};
  private boolean opening;
  private int recovering;
  private boolean cancelled;

  DifferingKeys(WriteContext context, KeyGate gate) {
    this.context = context;
    this.gate = gate;
  }

  /**
   * Recovers these, too.
   *
   * @param keys raw, in memory of their own
   * @param whenDrained run once, in this call or later, when no key is left
   */
  void recover(List<ByteBuf> keys, Runnable whenDrained) {
    waiting.addAll(keys);
    drained = whenDrained;
    goOn();
  }

  /** What is under way comes to nothing. */
  void cancel() {
    cancelled = true;
    waiting.clear();
  }

  /** A loop, as a gate that opens at once would nest a call for each key. */
  private void goOn() {
    if (opening || cancelled) {
      return;
    }
    opening = true;
    try {
      while (recovering < MAX_AT_ONCE && !waiting.isEmpty()) {
        ByteBuf key = waiting.remove();
        recovering++;
        gate.open(RawKey.hash(key), key, new RecoveredKey(key));
      }
    } finally {
      opening = false;
    }
    if (recovering == 0 && waiting.isEmpty()) {
      Runnable told = drained;
      drained = () -> {};
      told.run();
    }
  }

  /** A key that differed. */
  private final class RecoveredKey implements KeyGate.Waiter {
    private final ByteBuf key;

    RecoveredKey(ByteBuf key) {
      this.key = key;
    }

    @Override
    public void opened() {
      recovering--;
      goOn();
    }

    @Override
    public void moved() {
      opened();
    }

    @Override
    public void failed(String reason) {
      recovering--;
      if (!cancelled) {
        waiting.add(key);
        context.transport().schedule(RETRY_NS, DifferingKeys.this::goOn);
      }
    }
  }
}
