package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.codec.BenchRequest;
import java.util.SplittableRandom;

/** The load itself, without an end. */
final class Mixed implements BenchRequests {

  private final LoadSpec spec;
  private final SplittableRandom random;
  private final KeyChooser chooser;

  Mixed(LoadSpec spec, int thread) {
    this.spec = spec;
    this.random = new SplittableRandom(spec.seed() + thread);
    this.chooser = spec.keyDistribution().chooser(spec.keys(), thread, spec.threads());
  }

  @Override
  public boolean next(BenchRequest request) {
    BenchOperation operation = spec.mix().next(random);
    request.become(operation, operation == BenchOperation.MGET ? spec.multiGetKeys() : 1);
    for (int i = 0; i < request.keyCount; i++) {
      request.indexes[i] = chooser.next(random);
    }
    if (operation == BenchOperation.SET) {
      request.valueBytes = spec.valueSizes().next(random);
    }
    return true;
  }
}
