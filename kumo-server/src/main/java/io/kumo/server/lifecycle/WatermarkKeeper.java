package io.kumo.server.lifecycle;

import io.kumo.core.clock.TimeSource;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the applied watermark: raises it while every write of the cluster that concerns this server
 * has to reach it.
 *
 * <p>Decides on the main loop, writes on the worker: each method says where it belongs.
 */
public final class WatermarkKeeper {
  /** A session with a manager has to be so old before what it said counts as present. */
  private static final long FIRST_CONTACT_NS = Duration.ofSeconds(5).toNanos();

  private final TimeSource time;
  private final ReplicaLifecycle lifecycle;
  private final Watermarks watermarks;
  private final ManagerContact contact;
  private final LongSupplier contactNs;
  private final long startNs;

  /** Whether the watermark is being raised; the worker's. */
  private boolean raising;

  /**
   * @param contactNs within which a manager must have been heard
   */
  public WatermarkKeeper(
      TimeSource time,
      ReplicaLifecycle lifecycle,
      Watermarks watermarks,
      ManagerContact contact,
      LongSupplier contactNs) {
    this.time = time;
    this.lifecycle = lifecycle;
    this.watermarks = watermarks;
    this.contact = contact;
    this.contactNs = contactNs;
    this.startNs = time.nanoTime();
  }

  /**
   * Up to which second every write had to reach this server, as far as a manager was heard; 0 when
   * that is not known. A process that was killed still counts on the view of the one before it, and
   * a manager that has just started does not tell it better at once. Main loop.
   */
  long appliedSeconds() {
    long nowNs = time.nanoTime();
    boolean reached =
        lifecycle.may(Right.RAISE_WATERMARK)
            && nowNs - startNs >= FIRST_CONTACT_NS
            && contact.heardWithin(contactNs.getAsLong(), nowNs);
    return reached ? contact.agreedUnixMs() / 1000 : 0;
  }

  /**
   * What this server was given, and what it removed, when writes began to reach it is to survive a
   * power loss before that is noted. Worker.
   *
   * @param seconds as {@link #appliedSeconds}
   */
  void keep(long seconds) {
    if (seconds == 0) {
      raising = false;
    } else if (raising) {
      watermarks.raiseApplied(seconds);
    } else {
      watermarks.beginApplied(seconds, () -> {});
      raising = true;
    }
  }
}
