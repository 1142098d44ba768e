package io.kumo.server.rpc;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.rpc.Peer;

/**
 * The clock element of a message: the whole ClockTime to an extended peer, its counter to an
 * original.
 */
public final class PeerClock {
  private PeerClock() {}

  public static long of(Peer peer, long clockTime) {
    return Capabilities.isExtended(peer.capabilities())
        ? clockTime
        : Integer.toUnsignedLong(ClockTime.counter(clockTime));
  }
}
