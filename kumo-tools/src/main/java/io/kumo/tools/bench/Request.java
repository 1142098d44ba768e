package io.kumo.tools.bench;

/** A request on its way; reused for the next one, so that the load makes no garbage. */
final class Request {
  Operation operation = Operation.GET;

  /** The keys; one, but for {@link Operation#MGET}. */
  final long[] indexes;

  int keyCount;

  /** Of the value, for {@link Operation#SET}. */
  int valueBytes;

  /** Whether {@link #indexes} number counters, not values. */
  boolean counter;

  /** When it was sent or, at a fixed rate, when it should have been sent. */
  long startNs;

  /** Values found so far. */
  int hits;

  /** Whether the server has refused one of several keys; the rest of the reply still follows. */
  boolean refused;

  Request(int maxKeys) {
    indexes = new long[maxKeys];
  }

  void become(Operation operation, int keyCount) {
    this.operation = operation;
    this.keyCount = keyCount;
    this.counter = operation == Operation.INCR;
    this.valueBytes = 0;
    this.hits = 0;
    this.refused = false;
  }
}
