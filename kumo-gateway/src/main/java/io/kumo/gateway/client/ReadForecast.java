package io.kumo.gateway.client;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.memcached.McCommand;

/**
 * How large the values will be that one connection asks for, learned from those that it got, and
 * before it got any from those of its loop. Confined to its event loop.
 */
final class ReadForecast {
  /** A value that nobody knows anything about is as large as most may be. */
  static final int UNKNOWN_BYTES = 1 << 20;

  private static final int LEAST_BYTES = 256;

  /** What the connections of a loop got: the greatest of late, forgotten within a few hundred. */
  static final class Common {
    private int bytes = UNKNOWN_BYTES;

    private void learn(int greatest) {
      bytes = Math.max(greatest, bytes - bytes / 64);
    }
  }

  private final Common common;
  private int bytes;

  ReadForecast(Common common) {
    this.common = common;
  }

  /** Of one value. */
  int bytes() {
    return bytes == 0 ? common.bytes : bytes;
  }

  /** Whether this connection has found any. */
  boolean isKnown() {
    return bytes != 0;
  }

  /** Whether all values that this connection found of late were small, and there were some. */
  boolean isSmall() {
    return isKnown() && bytes <= Limits.SMALL_VALUE_BYTES;
  }

  /** Learns from an answered command. */
  void learn(McCommand command) {
    if (command.operation().isRead() && command.request().keys().size() > 0) {
      int greatest = Math.max(LEAST_BYTES, command.outcome().found().greatestBytes());
      bytes = Math.max(greatest, bytes / 2);
      common.learn(greatest);
    }
  }
}
