package io.kumo.tools.bench.codec;

/** A request on its way; reused for the next one, so that the load makes no garbage. */
public final class Request {
  public Operation operation = Operation.GET;

  /** The keys; one, but for {@link Operation#MGET}. */
  public final long[] indexes;

  public int keyCount;

  /** Of the value, for {@link Operation#SET}. */
  public int valueBytes;

  /** Whether {@link #indexes} number counters, not values. */
  public boolean counter;

  /** When it was sent or, at a fixed rate, when it should have been sent. */
  public long startNs;

  /** Values found so far. */
  public int hits;

  /** Whether the server has refused one of several keys; the rest of the reply still follows. */
  boolean refused;

  public Request(int maxKeys) {
    indexes = new long[maxKeys];
  }

  public void become(Operation operation, int keyCount) {
    this.operation = operation;
    this.keyCount = keyCount;
    this.counter = operation == Operation.INCR;
    this.valueBytes = 0;
    this.hits = 0;
    this.refused = false;
  }
}
