package io.kumo.tools.bench.codec;

/** A request on its way; reused for the next one, so that the load makes no garbage. */
public final class BenchRequest {
  public BenchOperation operation = BenchOperation.GET;

  /** The keys; one, but for {@link BenchOperation#MGET}. */
  public final long[] indexes;

  public int keyCount;

  /** Of the value, for {@link BenchOperation#SET}. */
  public int valueBytes;

  /** Whether {@link #indexes} number counters, not values. */
  public boolean counter;

  /** When it was sent or, at a fixed rate, when it should have been sent. */
  public long startNs;

  /** Values found so far. */
  public int hits;

  /** Whether the server has refused one of several keys; the rest of the reply still follows. */
  boolean refused;

  public BenchRequest(int maxKeys) {
    indexes = new long[maxKeys];
  }

  public void become(BenchOperation operation, int keyCount) {
    this.operation = operation;
    this.keyCount = keyCount;
    this.counter = operation == BenchOperation.INCR;
    this.valueBytes = 0;
    this.hits = 0;
    this.refused = false;
  }
}
