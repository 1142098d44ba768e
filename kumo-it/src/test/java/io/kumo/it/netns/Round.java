package io.kumo.it.netns;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One break of the network under load, its healing, and what is found afterwards. */
final class Round {
  /** How long the load runs before. */
  private static final long BEFORE_NS = Duration.ofSeconds(2).toNanos();

  /** How long nothing is done by hand after the heal: far beyond what is promised. */
  private static final long HANDS_OFF_NS = Duration.ofSeconds(60).toNanos();

  /** How long it is to stay whole before it counts. */
  private static final long STAYS_NS = Duration.ofSeconds(5).toNanos();

  private static final long GIVE_UP_NS = Duration.ofMinutes(2).toNanos();
  private static final long LOOK_NS = Duration.ofMillis(500).toNanos();

  private final Net net;
  private final Case.Way way;
  private final Duration broken;
  private int attached;
  private boolean whole;

  private Round(Net net, Case.Way way, Duration broken) {
    this.net = net;
    this.way = way;
    this.broken = broken;
  }

  /** Prints what it finds; whether nothing was lost and nobody had to help. */
  static boolean run(Net net, Case one, int number, Duration broken)
      throws IOException, InterruptedException {
    Round round = new Round(net, one.way(number), broken);
    String name = one + " (" + round.way.name() + ") round " + (number + 1);
    return round.run(name, one + "-" + number + "-");
  }

  private boolean run(String name, String prefix) throws IOException, InterruptedException {
    Load load = Load.start(net, prefix);
    try (load) {
      LockSupport.parkNanos(BEFORE_NS);
      way.damage().inflict(net);
      long brokenNs = System.nanoTime();
      LockSupport.parkNanos(broken.toNanos());
      long healedNs = System.nanoTime();
      Pauses during = new Pauses(load.keys(), load.timed(), brokenNs, healedNs);
      net.heal();
      long wholeNs = awaitWhole(healedNs);
      Pauses after = awaitServed(load, healedNs);
      Tally tally = Tally.of(load.stop());
      System.out.printf(
          "%s: %s; seconds until reads/writes of all keys go on: while broken %s; healed %s; whole"
              + " after %s s; by hand: %s%n",
          name,
          tally,
          during,
          after,
          Pauses.seconds(wholeNs),
          attached == 0 ? "nothing" : attached + " x attach");
      tally.problems().forEach(problem -> System.out.println("  " + problem));
      if (!whole) {
        System.out.println("  not whole: " + net.told());
      }
      return tally.isSound() && whole && after.allServed() && attached == 0;
    }
  }

  /**
   * Since when it has been whole, and stayed so: what was cut off may learn only later what was
   * said of it. Lends a hand when it has waited in vain.
   */
  private long awaitWhole(long healedNs) {
    long sinceNs = -1;
    long passedNs = 0;
    while (passedNs < GIVE_UP_NS) {
      passedNs = System.nanoTime() - healedNs;
      if (!net.isWhole()) {
        sinceNs = -1;
        if (passedNs > HANDS_OFF_NS) {
          attached += net.attach() ? 1 : 0;
        }
      } else if (sinceNs < 0) {
        sinceNs = passedNs;
      } else if (passedNs - sinceNs > STAYS_NS) {
        whole = true;
        return sinceNs;
      }
      LockSupport.parkNanos(LOOK_NS);
    }
    return -1;
  }

  private static Pauses awaitServed(Load load, long healedNs) {
    Pauses pauses;
    do {
      LockSupport.parkNanos(LOOK_NS);
      pauses = new Pauses(load.keys(), load.timed(), healedNs, Long.MAX_VALUE);
    } while (!pauses.allServed() && System.nanoTime() - healedNs < GIVE_UP_NS);
    return pauses;
  }
}
