package io.kumo.gateway.memcached;

/**
 * What one client, and all of one event loop together, may make the gateway hold.
 *
 * @param maxCommandsInFlight requests of one connection that are decoded and not answered
 * @param maxBytesInFlight values of one connection, sent or expected back, that are not answered
 * @param maxTotalBytesInFlight the same for all connections of the loop
 * @param idleNs a connection without a request for this long is closed; 0 never
 * @param maxConnections of all loops; one more is refused
 */
public record ClientLimits(
    int maxCommandsInFlight,
    long maxBytesInFlight,
    long maxTotalBytesInFlight,
    long idleNs,
    int maxConnections) {
  public static final ClientLimits DEFAULT = new ClientLimits(4096, 64L << 20, 256L << 20, 0, 1024);
}
