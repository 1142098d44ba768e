package io.kumo.core.item;

/**
 * Times as memcached's clients send them, in seconds: 0 for never, up to 30 days from now, more for
 * unix seconds. Whoever counts by them makes them absolute by a clock of its own.
 */
public final class ClientTime {
  /** What has passed already, whatever the clock says. */
  public static final long PAST = 60 * 60 * 24 * 30 + 1;

  private static final long MAX_RELATIVE_SECONDS = PAST - 1;
  private static final long MAX_ABSOLUTE = 0xFFFF_FFFFL;

  private ClientTime() {}

  /**
   * What a client sent as a number that fits an unsigned 32-bit field; negative ones have passed.
   */
  public static long of(long sent) {
    return sent < 0 ? PAST : Math.min(MAX_ABSOLUTE, sent);
  }

  /** Whether it counts from now. */
  public static boolean isRelative(long clientTime) {
    return clientTime > 0 && clientTime <= MAX_RELATIVE_SECONDS;
  }

  /** Unix seconds that fit an unsigned 32-bit number, 0 for never. */
  public static long absolute(long clientTime, long nowSeconds) {
    if (clientTime == PAST) {
      return 1;
    }
    return isRelative(clientTime) ? Math.min(MAX_ABSOLUTE, nowSeconds + clientTime) : clientTime;
  }
}
