package io.kumo.core.rpc;

import java.time.Duration;

/**
 * How patiently a process calls others.
 *
 * @param connectTimeoutNs for one connect attempt ({@code -Ys})
 * @param connectRetryLimit attempts after a broken session's first before it counts as lost ({@code
 *     -Yn})
 * @param firstBackoffNs wait before the second attempt; doubles with each, jittered by half
 * @param maxBackoffNs bound of the wait between attempts
 */
public record RpcOptions(
    long connectTimeoutNs, int connectRetryLimit, long firstBackoffNs, long maxBackoffNs) {
  public static final RpcOptions DEFAULT =
      new RpcOptions(
          Duration.ofSeconds(10).toNanos(),
          4,
          Duration.ofMillis(20).toNanos(),
          Duration.ofSeconds(2).toNanos());

  public RpcOptions withConnectTimeout(Duration timeout) {
    return new RpcOptions(timeout.toNanos(), connectRetryLimit, firstBackoffNs, maxBackoffNs);
  }

  public RpcOptions withConnectRetryLimit(int limit) {
    return new RpcOptions(connectTimeoutNs, limit, firstBackoffNs, maxBackoffNs);
  }
}
