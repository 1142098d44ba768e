package io.kumo.it.sim;

import io.kumo.core.ring.HashSpace;
import java.util.SplittableRandom;

/**
 * How many copies a run's cluster keeps, and where.
 *
 * @param zones that servers are dealt out to; 0 for none
 * @param minCopies with fewer active ones servers refuse writes
 */
record CopySettings(int copies, int zones, int minCopies) {
  static final CopySettings PLAIN = new CopySettings(HashSpace.DEFAULT_COPIES, 0, 1);

  private static final int ONE_OF = 4;
  private static final int[] COPIES = {1, 2, 2, 3, 3, 4, 5};

  /** Every fourth seed has others; the draws of a run do not depend on it. */
  static CopySettings of(long seed) {
    if (seed % ONE_OF != 1) {
      return PLAIN;
    }
    SplittableRandom random = World.source(seed, "copies");
    int copies = COPIES[random.nextInt(COPIES.length)];
    int zones = random.nextInt(3) == 0 && copies != HashSpace.DEFAULT_COPIES ? 0 : 3;
    int minCopies = copies > 1 && random.nextInt(3) == 0 ? 2 : 1;
    return new CopySettings(copies, random.nextInt(4) == 0 ? Math.min(zones, 2) : zones, minCopies);
  }

  /** Of the server with this number, from 0 on. */
  String zone(int server) {
    return zones == 0 ? "" : "z" + server % zones;
  }
}
