package io.kumo.gateway.memcached;

/**
 * What one client, and all of one event loop together, may make the gateway hold.
 *
 * @param maxCommandsInFlight requests of one connection that are decoded and not answered
 * @param maxBytesInFlight values of one connection, sent or expected back, that are not answered
 * @param maxTotalBytesInFlight the same for all connections of the loop
 * @param idleNs a connection without a request for this long is closed; 0 never
 * @param maxConnections of all loops; one more is refused
 * @param maxUnreadBytes of replies that a client leaves unread; it is not read from until it has
 *     taken three quarters of them
 */
public record ClientLimits(
    int maxCommandsInFlight,
    long maxBytesInFlight,
    long maxTotalBytesInFlight,
    long idleNs,
    int maxConnections,
    int maxUnreadBytes) {
  public static final ClientLimits DEFAULT =
      new ClientLimits(4096, 64L << 20, 256L << 20, 0, 1024, 1 << 20);

  /** With the default for unread replies. */
  public ClientLimits(
      int maxCommandsInFlight,
      long maxBytesInFlight,
      long maxTotalBytesInFlight,
      long idleNs,
      int maxConnections) {
    this(
        maxCommandsInFlight,
        maxBytesInFlight,
        maxTotalBytesInFlight,
        idleNs,
        maxConnections,
        1 << 20);
  }
}
