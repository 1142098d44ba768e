package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.Operation;
import io.kumo.tools.bench.codec.Request;
import java.util.SplittableRandom;

/** The load itself, without an end. */
final class Mixed implements RequestSource {

  private final LoadSpec spec;
  private final SplittableRandom random;
  private final KeyChooser chooser;

  Mixed(LoadSpec spec, int thread) {
    this.spec = spec;
    this.random = new SplittableRandom(spec.seed() + thread);
    this.chooser = spec.keyDistribution().chooser(spec.keys(), thread, spec.threads());
  }

  @Override
  public boolean next(Request request) {
    Operation operation = spec.mix().next(random);
    request.become(operation, operation == Operation.MGET ? spec.multiGetKeys() : 1);
    for (int i = 0; i < request.keyCount; i++) {
      request.indexes[i] = chooser.next(random);
    }
    if (operation == Operation.SET) {
      request.valueBytes = spec.valueSizes().next(random);
    }
    return true;
  }
}
