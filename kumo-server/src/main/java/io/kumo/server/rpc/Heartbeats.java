package io.kumo.server.rpc;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.rpc.Keepalive;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Transport;
import java.util.function.LongConsumer;

/** Keeps links up from this server's side, and tells its clock over them. Main loop only. */
final class Heartbeats {
  private final RpcEndpoint endpoint;
  private final HybridClock clock;
  private final AdjustableInterval interval;

  Heartbeats(RpcEndpoint endpoint, HybridClock clock, AdjustableInterval interval) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.interval = interval;
  }

  /**
   * Connects, and stays connected, to a node.
   *
   * @param aheadMs is told by how much its clock is ahead
   * @return what beats until it is stopped
   */
  Keepalive to(Peer peer, LongConsumer aheadMs) {
    Transport transport = endpoint.transport();
    peer.keepConnected(interval.ns());
    Keepalive keepalive =
        new Keepalive(
            transport,
            peer,
            interval,
            () -> new KeepAlive(PeerClock.of(peer, clock.next()), transport.time().unixMillis()),
            aheadMs);
    keepalive.start();
    return keepalive;
  }
}
