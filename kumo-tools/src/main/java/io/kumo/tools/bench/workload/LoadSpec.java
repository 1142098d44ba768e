package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.KeySpace;
import java.time.Duration;

/**
 * A load, whatever the server. Immutable.
 *
 * @param connections of all threads together
 * @param inFlight requests that a connection has under way at most
 * @param ratePerSecond requests of all connections together; 0 is as fast as answers come
 */
public record LoadSpec(
    ProtocolKind protocol,
    int threads,
    int connections,
    int inFlight,
    double ratePerSecond,
    Mix mix,
    int multiGetKeys,
    long keys,
    KeySpace keySpace,
    KeyDistribution keyDistribution,
    ValueSizes valueSizes,
    boolean verify,
    Duration warmUp,
    Duration duration,
    long seed) {

  /** The same load, closed loop and with one thread, for storing the keys first. */
  public LoadSpec forPopulating(int requestsInFlight) {
    return with(1, Math.min(connections, 8), requestsInFlight, 0);
  }

  private LoadSpec with(int threads, int connections, int inFlight, double ratePerSecond) {
    return new LoadSpec(
        protocol,
        threads,
        connections,
        inFlight,
        ratePerSecond,
        mix,
        multiGetKeys,
        keys,
        keySpace,
        keyDistribution,
        valueSizes,
        verify,
        warmUp,
        duration,
        seed);
  }
}
