package io.kumo.tools.bench.workload;

import java.util.SplittableRandom;

/** Picks the number of the next key; confined to one thread. */
@FunctionalInterface
interface KeyChooser {
  /** From 0 to the number of keys, exclusive. */
  long next(SplittableRandom random);
}
