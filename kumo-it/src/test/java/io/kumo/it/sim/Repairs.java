package io.kumo.it.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What has been broken and is to be put right: each after a while, and all when a run ends. */
final class Repairs {
  private final World world;
  private final List<Runnable> repairs = new ArrayList<>();

  Repairs(World world) {
    this.world = world;
  }

  /** Runs the repair once: after that time, or earlier by {@link #all}. */
  void later(int millis, String what, Runnable repair) {
    boolean[] done = {false};
    Runnable once =
        () -> {
          if (!done[0]) {
            done[0] = true;
            world.trace().say("fault over: " + what);
            repair.run();
          }
        };
    repairs.add(once);
    world.events().schedule(Duration.ofMillis(millis).toNanos(), once);
  }

  void all() {
    List.copyOf(repairs).forEach(Runnable::run);
  }
}
