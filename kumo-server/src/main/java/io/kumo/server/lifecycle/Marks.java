package io.kumo.server.lifecycle;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.store.Store;
import io.kumo.server.store.SyncListener;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two ClockTimes that outlive the process: up to where this server has durably applied everything
 * that the cluster has written to it, and up to where it has dropped tombstones. A server that
 * returns with the former below the latter of another one may hold records whose tombstones are
 * gone. Thread-safe; what was set counts once it is durable.
 */
public final class Marks {
  private static final Logger log = LoggerFactory.getLogger(Marks.class);
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
   * whatever has been removed, survives a power loss before that is noted.
   *
   * @param noted run on some thread when it has been
   */
  public void comeInStep(long unixSeconds, Runnable noted) {
    long clockTime = inStepMark(unixSeconds);
    boolean further = Long.compareUnsigned(clockTime, inStep) > 0;
    store.putStateAfterSync(
        IN_STEP,
        bytes(further ? clockTime : inStep),
        Runnable::run,
        told(
            IN_STEP,
            () -> {
              inStep = further ? clockTime : inStep;
              noted.run();
            }));
  }

  private long inStepMark(long unixSeconds) {
    return ClockTime.of(Math.max(0, unixSeconds - marginSeconds), 0);
  }

  /** It is still in step. */
  void advanceInStep(long unixSeconds) {
    long clockTime = inStepMark(unixSeconds);
    if (Long.compareUnsigned(clockTime, inStep) > 0) {
      save(IN_STEP, clockTime, () -> inStep = clockTime);
    }
  }

  void raiseDropped(long clockTime) {
    if (Long.compareUnsigned(clockTime, dropped) > 0) {
      save(DROPPED, clockTime, () -> dropped = clockTime);
    }
  }

  private void save(String name, long clockTime, Runnable durable) {
    store.putState(name, bytes(clockTime), Runnable::run, told(name, durable));
  }

  private static byte[] bytes(long clockTime) {
    return ByteBuffer.allocate(Long.BYTES).putLong(clockTime).array();
  }

  private static SyncListener told(String name, Runnable durable) {
    return failure -> {
      if (failure == null) {
        durable.run();
      } else {
        log.warn("{} stays as it was: {}", name, failure.getMessage());
      }
    };
  }
}
