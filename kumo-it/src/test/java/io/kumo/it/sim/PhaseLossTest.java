package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.manager.rebalance.RebalancePhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client saw STORED is read back after the loss of any one server, its disk included, in any
 * phase of an attach and of a detach. {@code target/phase-losses.txt} has it as a table.
 */
class PhaseLossTest {
  private static final List<String> TABLE = new ArrayList<>();

  private static final int RECORDS = 150;
  private static final long SLOW_NS = Duration.ofMillis(20).toNanos();
  private static final long STEP_NS = Duration.ofMillis(1).toNanos();
  private static final int MAX_STEPS = 60_000;

  /** When the server is lost. */
  private enum Moment {
    /** The command has not been given. */
    BEFORE,
    /** Writes follow the new layout, nothing has been copied. */
    COPYING,
    /** Some records have been copied. */
    MID_COPY,
    /** Reads follow the new layout, what is superfluous is being removed. */
    DELETING,
    /** The replace has ended. */
    FINISHED
  }

  static Stream<Arguments> losses() {
    List<Arguments> all = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      for (int server = 0; server < 4; server++) {
        all.add(Arguments.of("attach", moment, server));
        if (server < 3) {
          all.add(Arguments.of("detach", moment, server));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatWasStoredIsReadBack(String command, Moment moment, int lost) {
    Scenario scenario = loaded(command);
    World world = scenario.world();
    if (moment != Moment.BEFORE) {
      scenario.begin(command, new ArrayList<>());
      await(world, moment);
    }
    SimServer server = world.servers().get(lost);
    boolean attached = world.view().write().isActive(server.address());
    server.kill();
    server.loseDisk();
    scenario.run("wait 20s");
    String read = scenario.run("verify " + RECORDS);
    String who = server + (attached ? "" : " (not attached)");
    TABLE.add(String.join(" | ", command, moment.name(), who, read));
    assertThat(read).isEqualTo(RECORDS + " right");
  }

  @AfterAll
  static void writeTable() throws IOException {
    Files.write(Path.of("target", "phase-losses.txt"), TABLE);
  }

  /** For an attach three servers and a newcomer, for a detach four of which one is gone. */
  private static Scenario loaded(String command) {
    Scenario scenario = new Scenario();
    scenario.run("cluster managers=2 servers=4 gateways=1");
    scenario.run("start s1 s2 s3");
    if (command.equals("detach")) {
      scenario.run("start s4");
    }
    scenario.run("attach");
    assertThat(scenario.run("load " + RECORDS)).isEqualTo(RECORDS + " stored");
    scenario.run(command.equals("detach") ? "lose-disk s4" : "start s4");
    scenario.run("wait 8s");
    World world = scenario.world();
    world.servers().forEach(server -> world.conditions().slow(server.index(), SLOW_NS));
    return scenario;
  }

  private static void await(World world, Moment moment) {
    int before = records(world);
    boolean begun = false;
    for (int step = 0; step < MAX_STEPS; step++) {
      world.events().runFor(STEP_NS);
      begun |= world.managers().get(0).isRebalancing();
      if (begun && isReached(world, moment, records(world) - before)) {
        return;
      }
    }
    throw new AssertionError(moment + " was never reached");
  }

  private static int records(World world) {
    return (int) world.servers().stream().mapToLong(server -> server.disk().liveCount()).sum();
  }

  private static boolean isReached(World world, Moment moment, int copied) {
    RebalancePhase phase = world.managers().get(0).phase();
    return switch (moment) {
      case BEFORE -> true;
      case COPYING -> phase.isBeforeReadsFollow();
      case MID_COPY -> phase.isBeforeReadsFollow() && copied > 0;
      case DELETING -> phase == RebalancePhase.DELETING;
      case FINISHED -> !phase.isRunning() && !world.view().rebalancing();
    };
  }
}
