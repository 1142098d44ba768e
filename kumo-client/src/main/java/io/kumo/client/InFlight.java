package io.kumo.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what a client makes this process hold.
 *
 * <p>Invariant: every request counts from its submission until its future is complete, with the
 * bytes that it sends and those of the values found for it. Thread-safe.
 */
final class InFlight {
  private final int maxRequests;
  private final long maxBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  InFlight(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /** Counts one more request, unless it is one too many. */
  boolean begin(long requestBytes) {
    if (requests.incrementAndGet() > maxRequests) {
      requests.decrementAndGet();
      return false;
    }
    if (!hold(0, requestBytes)) {
      requests.decrementAndGet();
      return false;
    }
    return true;
  }

  /**
   * Counts so many bytes more, unless they are too many; what is alone may be any.
   *
   * @param own what the request holds already that goes beyond the bound when it is alone; -1 when
   *     it may not
   */
  boolean hold(long own, long more) {
    long now = bytes.addAndGet(more);
    if (now > maxBytes && now != own + more) {
      bytes.addAndGet(-more);
      return false;
    }
    return true;
  }

  /** A request is over that held so many bytes. */
  void end(long held) {
    bytes.addAndGet(-held);
    requests.decrementAndGet();
  }

  int requests() {
    return requests.get();
  }

  long bytes() {
    return bytes.get();
  }
}
