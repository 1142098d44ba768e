package io.kumo.server.lifecycle;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.original.KeepAlive;

/**
 * Until when a manager is known to have had the very hash space that is installed here. Others do
 * not count: one that has just started knows nothing yet, and one that knows a newer hash space may
 * have marked this server fault in it. Nor does it count when a heartbeat arrives, which may be
 * long after it was sent. Confined to the main loop.
 */
public final class ManagerContact {
  /** Longer than a manager takes to tell everybody of a change. */
  private static final int SIGNS_LEFT_BEHIND = 4;

  private boolean heard;
  private long heardNs;
  private long agreedUnixMs;
  private int newerSigns;

  /**
   * A manager has sent a heartbeat.
   *
   * @return whether managers have had something newer for so long that this server cannot count on
   *     being told of it any more: one that was cut off may not have noticed
   * @param ownWriteClockTime of the write hash space that is installed here
   */
  public boolean heard(KeepAlive sign, long ownWriteClockTime, long nowUnixMs, long nowNs) {
    boolean original = sign.writeClockTime() == KeepAlive.NOT_SAID;
    if (original || (sign.writeClockTime() == ownWriteClockTime && ownWriteClockTime != 0)) {
      heard = true;
      heardNs = nowNs;
      agreedUnixMs = original ? nowUnixMs : Math.min(sign.unixMs(), nowUnixMs);
    }
    boolean newer = !original && ClockTime.isNewer(sign.writeClockTime(), ownWriteClockTime);
    newerSigns = newer ? newerSigns + 1 : 0;
    return newer && newerSigns % SIGNS_LEFT_BEHIND == 0;
  }

  boolean heardWithin(long periodNs, long nowNs) {
    return heard && nowNs - heardNs <= periodNs;
  }

  /** By the clock of that manager, but for what this server's is behind it. */
  long agreedUnixMs() {
    return agreedUnixMs;
  }
}
