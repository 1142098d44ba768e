package io.kumo.server.control;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.store.Store;
import java.nio.ByteBuffer;

/**
 * Two ClockTimes that outlive the process: up to where this server has durably applied everything
 * that the cluster has written to it, and up to where it has dropped tombstones. A server that
 * returns with the former below the latter of another one may hold records whose tombstones are
 * gone. Thread-safe; setting one blocks until it is durable.
 */
public final class Marks {
  private static final String IN_STEP = "in-step-mark";
  private static final String DROPPED = "drop-mark";

  private final Store store;
  private final long marginSeconds;
  private volatile long inStep;
  private volatile long dropped;

  /**
   * @param marginSeconds by which the first one stays behind the clock, for skew and for writes
   *     under way
   */
  public Marks(Store store, long marginSeconds) {
    this.store = store;
    this.marginSeconds = marginSeconds;
    this.inStep = load(IN_STEP);
    this.dropped = load(DROPPED);
  }

  private long load(String name) {
    byte[] bytes = store.state(name);
    return bytes == null || bytes.length != Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  /** Everything up to here has been applied; 0 when nothing is known. */
  public long inStep() {
    return inStep;
  }

  /** Tombstones up to here may be gone; 0 when none has ever been dropped. */
  public long dropped() {
    return dropped;
  }

  /**
   * This server has come in step, or begins with nothing from before: whatever is here, and
   * whatever has been removed, survives a power loss when this returns.
   */
  public void comeInStep(long unixSeconds) {
    store.sync();
    advanceInStep(unixSeconds);
  }

  /** It is still in step. */
  void advanceInStep(long unixSeconds) {
    long clockTime = ClockTime.of(Math.max(0, unixSeconds - marginSeconds), 0);
    if (Long.compareUnsigned(clockTime, inStep) > 0) {
      save(IN_STEP, clockTime);
      inStep = clockTime;
    }
  }

  void raiseDropped(long clockTime) {
    if (Long.compareUnsigned(clockTime, dropped) > 0) {
      save(DROPPED, clockTime);
      dropped = clockTime;
    }
  }

  private void save(String name, long clockTime) {
    store.putState(name, ByteBuffer.allocate(Long.BYTES).putLong(clockTime).array());
  }
}
