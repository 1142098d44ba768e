package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In virtual time: each majority reads and writes every key soon, and all heals by itself. */
class AvailabilityTest {
  private static final long BEGINS_NS = Duration.ofSeconds(5).toNanos();
  private static final long ENDS_NS = Duration.ofSeconds(30).toNanos();
  private static final long LOOK_NS = Duration.ofMillis(100).toNanos();
  private static final int RUNS = 2;

  /** When what happened, in nanoseconds of the run; -1 while it has not. */
  private static final class Times {
    private final World world;
    private final Outage outage;
    private long begunNs = -1;
    private long servedNs = -1;
    private long endedNs = -1;
    private long wholeNs = -1;

    Times(World world, Outage outage) {
      this.world = world;
      this.outage = outage;
    }

    void begin() {
      begunNs = now();
      outage.set(world, true);
      new Probes(world, world.gateways(), () -> servedNs = now()).start();
    }

    void end() {
      endedNs = now();
      outage.set(world, false);
      look();
    }

    private void look() {
      if (world.isSettled()) {
        wholeNs = now();
      } else {
        world.events().schedule(LOOK_NS, this::look);
      }
    }

    private long now() {
      return world.events().nowNs();
    }
  }

  private static boolean isFit(long seed) {
    Settings settings = Settings.of(seed, World.source(seed, "settings"), true);
    boolean large = settings.managers() == 2 && settings.servers() - settings.spare() >= 4;
    return large && settings.rejoins() && !settings.autoReplace();
  }

  private static Times run(long seed, Outage outage) {
    List<Times> times = new ArrayList<>();
    SimReport report =
        Simulation.runCalm(
            seed,
            world -> {
              Times all = new Times(world, outage);
              times.add(all);
              world.events().schedule(BEGINS_NS, all::begin);
              world.events().schedule(ENDS_NS, all::end);
            });
    assertThat(report.violations()).as("seed " + seed).isEmpty();
    return times.get(0);
  }

  private static void assertWithin(long seed, String what, long fromNs, long toNs, long mostMs) {
    assertThat(toNs).as("%s in seed %d", what, seed).isNotNegative();
    assertThat(Duration.ofNanos(toNs - fromNs))
        .as("%s in seed %d", what, seed)
        .isLessThanOrEqualTo(Duration.ofMillis(mostMs));
  }

  @ParameterizedTest
  @EnumSource
  void theOthersGoOnAndAllIsWholeAgain(Outage outage) {
    int runs = 0;
    for (long seed = 1; runs < RUNS; seed++) {
      if (isFit(seed)) {
        Times times = run(seed, outage);
        assertWithin(seed, "served", times.begunNs, times.servedNs, outage.servedMs());
        assertWithin(seed, "whole", times.endedNs, times.wholeNs, outage.wholeMs());
        runs++;
      }
    }
  }
}
