package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.BenchRequest;

/** Says what to send next; confined to one thread. */
public interface BenchRequests {

  /** Fills in {@code request}; false when there is nothing more to send. */
  boolean next(BenchRequest request);

  /** A source that stores each value key, and each counter when {@code counters}, once. */
  static BenchRequests populating(LoadSpec spec, long from, long to, boolean counters) {
    return new Populating(spec, from, to, counters);
  }

  /** An endless source of the mix. */
  static BenchRequests mixed(LoadSpec spec, int thread) {
    return new Mixed(spec, thread);
  }
}
