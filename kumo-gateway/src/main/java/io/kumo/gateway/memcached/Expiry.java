package io.kumo.gateway.memcached;

/** Turns the expiry times that clients send into absolute ones. */
public final class Expiry {
  /** Absolute expiry of what is expired from the start. */
  public static final long IN_THE_PAST = 1;

  private static final long MAX_RELATIVE_SECONDS = 60 * 60 * 24 * 30;
  private static final long MAX_ABSOLUTE = 0xFFFF_FFFFL;

  private Expiry() {}

  /**
   * The absolute form of an expiry.
   *
   * @param sent up to 30 days: seconds from now; more: unix seconds; 0: never; negative: expired
   * @return unix seconds that fit an unsigned 32-bit number, 0 for never
   */
  public static long absolute(long sent, long nowSeconds) {
    if (sent == 0) {
      return 0;
    }
    if (sent < 0) {
      return IN_THE_PAST;
    }
    return Math.min(MAX_ABSOLUTE, sent <= MAX_RELATIVE_SECONDS ? nowSeconds + sent : sent);
  }
}
