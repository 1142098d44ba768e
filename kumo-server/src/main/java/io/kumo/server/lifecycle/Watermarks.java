package io.kumo.server.lifecycle;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.store.Store;
import io.kumo.server.store.SyncListener;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two ClockTimes that outlive the process: the applied watermark, up to where this server has
 * durably applied everything that the cluster has written to it, and the tombstone GC watermark, up
 * to where it has dropped tombstones. A server that returns with the former below the latter of
 * another one may hold records whose tombstones are gone. Thread-safe; what was set counts once it
 * is durable.
 */
public final class Watermarks {
  private static final Logger log = LoggerFactory.getLogger(Watermarks.class);

  /** What they are called on disk since the first release. */
  private static final String APPLIED_FILE = "in-step-mark";

  private static final String GC_FILE = "drop-mark";
  private static final String APPLIED = "the applied watermark";
  private static final String GC = "the tombstone GC watermark";

  private final Store store;
  private final long marginSeconds;
  private volatile long applied;
  private volatile long gc;
  private volatile long claimedGc;

  /**
   * @param marginSeconds by which the applied watermark stays behind the clock, for skew and for
   *     writes under way
   */
  public Watermarks(Store store, long marginSeconds) {
    this.store = store;
    this.marginSeconds = marginSeconds;
    this.applied = load(APPLIED_FILE);
    this.gc = load(GC_FILE);
    this.claimedGc = gc;
  }

  private long load(String name) {
    byte[] bytes = store.state(name);
    return bytes == null || bytes.length != Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  /** Everything up to here has been applied; 0 when nothing is known. */
  public long applied() {
    return applied;
  }

  /** Tombstones up to here may be gone; 0 when none has ever been dropped. */
  public long tombstoneGc() {
    return gc;
  }

  /** Tombstones up to here may be gone, or go any moment; 0 when none has ever been dropped. */
  public long claimedTombstoneGc() {
    return claimedGc;
  }

  /** Tombstones up to there are to go. One thread. */
  void claimTombstoneGc(long clockTime) {
    claimedGc = ClockTime.max(claimedGc, clockTime);
  }

  /**
   * From now on every write reaches this server, or it begins with nothing from before: whatever is
   * here, and whatever has been removed, survives a power loss before that is noted.
   *
   * @param noted run on some thread when it has been
   */
  public void beginApplied(long unixSeconds, Runnable noted) {
    long clockTime = behind(unixSeconds);
    boolean further = Long.compareUnsigned(clockTime, applied) > 0;
    store.putStateAfterSync(
        APPLIED_FILE,
        bytes(further ? clockTime : applied),
        Runnable::run,
        told(
            APPLIED,
            () -> {
              applied = further ? clockTime : applied;
              noted.run();
            }));
  }

  private long behind(long unixSeconds) {
    return ClockTime.of(Math.max(0, unixSeconds - marginSeconds), 0);
  }

  /** Every write still reaches it. */
  void raiseApplied(long unixSeconds) {
    long clockTime = behind(unixSeconds);
    if (Long.compareUnsigned(clockTime, applied) > 0) {
      save(APPLIED_FILE, clockTime, told(APPLIED, () -> applied = clockTime));
    }
  }

  /** Notes what has been claimed: only then may tombstones go. */
  void raiseTombstoneGc() {
    long clockTime = claimedGc;
    if (Long.compareUnsigned(clockTime, gc) > 0) {
      save(GC_FILE, clockTime, told(GC, () -> gc = clockTime));
    }
  }

  private void save(String file, long clockTime, SyncListener durable) {
    store.putState(file, bytes(clockTime), Runnable::run, durable);
  }

  private static byte[] bytes(long clockTime) {
    return ByteBuffer.allocate(Long.BYTES).putLong(clockTime).array();
  }

  private static SyncListener told(String what, Runnable durable) {
    return failure -> {
      if (failure == null) {
        durable.run();
      } else {
        log.warn("{} stays as it was: {}", what, failure.getMessage());
      }
    };
  }
}
