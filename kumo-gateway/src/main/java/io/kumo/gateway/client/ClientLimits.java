package io.kumo.gateway.client;

/**
 * What one client, and all of one event loop together, may make the gateway hold.
 *
 * @param maxCommandsInFlight requests of one connection that are decoded and not answered
 * @param maxBytesInFlight values of one connection, sent or expected back, that are not answered; a
 *     read that finds more is refused
 * @param maxTotalBytesInFlight all that the connections of the loop hold: the same, and unfinished
 *     requests and unread replies
 * @param idleNs a connection without a request for this long is closed; 0 never
 * @param maxConnections of all loops; one more is refused
 * @param maxUnreadBytes of replies that a client leaves unread; it is not read from until it has
 *     taken three quarters of them
 * @param maxRequestsPerEvent keys that one connection asks for before others have their turn
 */
public record ClientLimits(
    int maxCommandsInFlight,
    long maxBytesInFlight,
    long maxTotalBytesInFlight,
    long idleNs,
    int maxConnections,
    int maxUnreadBytes,
    int maxRequestsPerEvent) {
  private static final int REQUESTS_PER_EVENT = 512;

  public static final ClientLimits DEFAULT =
      new ClientLimits(4096, 64L << 20, 128L << 20, 0, 1024, 1 << 20, REQUESTS_PER_EVENT);

  /** The same with another number of connections. */
  ClientLimits withMaxConnections(int connections) {
    return new ClientLimits(
        maxCommandsInFlight,
        maxBytesInFlight,
        maxTotalBytesInFlight,
        idleNs,
        connections,
        maxUnreadBytes,
        maxRequestsPerEvent);
  }

  /** The greatest value that leaves room for others. */
  public long maxItemBytes() {
    return Math.min(maxBytesInFlight, maxTotalBytesInFlight * 2 / 3);
  }

  /** With the defaults for unread replies and for requests in one turn. */
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
        1 << 20,
        REQUESTS_PER_EVENT);
  }
}
