package io.kumo.client;

import io.kumo.core.item.ClientTime;
import java.time.Duration;
import java.time.Instant;

/**
 * What is stored with a value.
 *
 * @param flags 32 bits that come back with the value
 * @param expiry as memcached counts it, in seconds: 0 for never, up to 30 days from now, more for
 *     unix seconds
 */
public record ItemOptions(int flags, long expiry) {
  /** Flags 0; it stays until it is deleted. */
  public static final ItemOptions DEFAULT = new ItemOptions(0, 0);

  private static final Duration LONGEST_RELATIVE = Duration.ofDays(30);

  /** Checks the bounds. */
  public ItemOptions {
    if (expiry < 0 || expiry > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("an expiry must be from 0 to 2^32 - 1");
    }
  }

  /** The same with other flags. */
  public ItemOptions withFlags(int newFlags) {
    return new ItemOptions(newFlags, expiry);
  }

  /**
   * Gone after a while: whole seconds, the rest counts as one more, by the servers' clocks.
   *
   * @param life from more than nothing to 30 days; beyond that, say when
   */
  public ItemOptions expiringAfter(Duration life) {
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_RELATIVE) > 0) {
      throw new IllegalArgumentException("a life must be from more than 0 to 30 days, not " + life);
    }
    return new ItemOptions(flags, life.plusNanos(999_999_999).toSeconds());
  }

  /** Gone at a time; what has passed already is gone at once. */
  public ItemOptions expiringAt(Instant time) {
    return new ItemOptions(
        flags, Math.max(ClientTime.PAST, Math.min(0xFFFF_FFFFL, time.getEpochSecond())));
  }
}
