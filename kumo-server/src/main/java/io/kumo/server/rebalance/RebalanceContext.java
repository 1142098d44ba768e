package io.kumo.server.rebalance;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.view.ViewHolder;
import java.util.function.Function;

/**
 * What the parts of a rebalance share.
 *
 * @param streamLoop carries the records; may be the endpoint's own in tests
 * @param comparisons makes comparisons of the records here with those of others
 * @param rejoin says when records from before this process may be given to others
 */
public record RebalanceContext(
    RpcEndpoint endpoint,
    Transport streamLoop,
    ViewHolder spaces,
    HybridClock clock,
    RebalanceSettings settings,
    Rebalancer.Records records,
    Function<DigestComparison.Subject, DigestComparison> comparisons,
    Rejoin rejoin) {
  Transport main() {
    return endpoint.transport();
  }

  /** A moment of now, in the width that the peer understands. */
  long clockFor(Peer peer) {
    long now = clock.next();
    return Capabilities.isExtended(peer.capabilities()) ? now : Integer.toUnsignedLong((int) now);
  }
}
