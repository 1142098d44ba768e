package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.codec.BenchRequest;
import java.util.SplittableRandom;

/** Stores every key of a range once. */
final class Populating implements BenchRequests {

  private final LoadSpec spec;
  private final SplittableRandom random;
  private final boolean counters;
  private final long to;
  private long next;

  Populating(LoadSpec spec, long from, long to, boolean counters) {
    this.spec = spec;
    this.random = new SplittableRandom(spec.seed() ^ from);
    this.counters = counters;
    this.next = from;
    this.to = to;
  }

  @Override
  public boolean next(BenchRequest request) {
    if (next >= to) {
      return false;
    }
    request.become(BenchOperation.SET, 1);
    request.counter = counters;
    request.indexes[0] = next++;
    request.valueBytes = counters ? 1 : spec.valueSizes().next(random);
    return true;
  }
}
