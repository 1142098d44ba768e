package io.kumo.gateway.client;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open connections of all event loops of a gateway, so that their number has one bound.
 * Thread-safe.
 */
public final class ConnectionTable {
  private volatile int maxConnections;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, ClientConnection> open = new ConcurrentSkipListMap<>();

  /** One more than {@code maxConnections} is refused. */
  public ConnectionTable(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /** Those that are open stay. */
  public void limit(int connections) {
    maxConnections = connections;
  }

  /** Gives the connection a number, greater than that of any before; 0 when it is one too many. */
  long admit(ClientConnection connection) {
    if (count.incrementAndGet() > maxConnections) {
      count.decrementAndGet();
      return 0;
    }
    long id = ids.incrementAndGet();
    open.put(id, connection);
    return id;
  }

  void remove(long id) {
    if (open.remove(id) != null) {
      count.decrementAndGet();
    }
  }

  /** Lends what is open, oldest first; changes while it is read. */
  public Collection<ClientConnection> all() {
    return open.values();
  }
}
