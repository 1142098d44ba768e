package io.kumo.core.route;

/**
 * The sequence numbers of a gateway's writes, by which a server knows a request that it has applied
 * already. Confined to the router's loop.
 */
public class RequestSequence {
  private long last;

  /** For a request that has not been sent yet: 1, 2, 3, ... */
  public final long next() {
    return ++last;
  }

  /** For an attempt of the request of that number, which an attempt before may have applied. */
  public long ofAttempt(long sequence) {
    return sequence;
  }
}
