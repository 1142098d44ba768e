package io.kumo.core.protocol;

import io.kumo.core.ring.NodeAddress;

/**
 * The one reason for a failed write that everybody passes on as it stands, so that the client's
 * operator learns which disk it is.
 */
public final class DiskFull {
  private static final String WORDS = "disk full on ";

  private DiskFull() {}

  /** The reason, as servers tell it to each other and to gateways. */
  public static String on(NodeAddress server) {
    return WORDS + server;
  }

  /** Whether the reason that a server gave for a failure is this one. */
  public static boolean isTold(String reason) {
    return reason.startsWith(WORDS);
  }
}
