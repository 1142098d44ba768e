package io.kumo.server.replicate;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.rpc.Transport;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;

/**
 * What every write of this server shares.
 *
 * @param transport only for the time, timers and the way back to the main loop
 */
public record WriteContext(
    HashSpaceHolder spaces,
    Store store,
    HybridClock clock,
    ReplicaCaller replicas,
    Transport transport,
    WriteLimits limits,
    ServerMetrics metrics) {}
