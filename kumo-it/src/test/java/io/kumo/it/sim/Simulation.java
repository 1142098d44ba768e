package io.kumo.it.sim;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.Violation;
import io.kumo.testkit.bug.PlantedBug;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: put a cluster up, load it, make things go wrong, let it heal, judge. */
final class Simulation {
  private static final long STEP_NS = Duration.ofMillis(500).toNanos();
  private static final int ATTACH_SECONDS = 20;

  private final World world;
  private final Workload workload;
  private final Faults faults;
  private final VoteFaults voteFaults;
  private final AimedFaults aimedFaults;
  private final ViewWatch views;
  private final Operator operator;
  private final Availability availability;
  private final Judge judge;
  private final boolean calm;
  private Consumer<World> meddling = world -> {};

  private Simulation(
      long seed, boolean calm, boolean votes, @Nullable PrintStream out, @Nullable PlantedBug bug) {
    this.calm = calm;
    Settings settings = Settings.of(seed, World.source(seed, "settings"), votes);
    world = new World(settings, World.source(seed, "world"), out, bug);
    workload = new Workload(world, World.source(seed, "workload"));
    faults = new Faults(world, workload, World.source(seed, "faults"));
    voteFaults = new VoteFaults(world, World.source(seed, "votes"));
    availability = new Availability(world, World.source(seed, "availability"));
    judge = new Judge(world);
    operator = new Operator(world, World.source(seed, "operator"));
    aimedFaults = new AimedFaults(world, operator, World.source(seed, "aim"));
    views = new ViewWatch(world);
    if (out == null) {
      TraceAppender.silence();
    } else {
      TraceAppender.attach(world);
    }
    world.trace().say(settings.toString());
  }

  /** Runs a seed; {@code out} gets the trace when it is not null. */
  static SimReport run(long seed, @Nullable PrintStream out) {
    return new Simulation(seed, false, true, out, null).run();
  }

  /** Runs a seed in which the next server may fail before all records have their copies again. */
  static SimReport runWithManyFaults(long seed, @Nullable PrintStream out) {
    Simulation simulation = new Simulation(seed, false, true, out, null);
    simulation.faults.doNotWaitForCopies();
    return simulation.run();
  }

  /** Runs a seed in which the operator pauses and cancels rebalances, and suspends servers. */
  static SimReport runSteered(long seed, @Nullable PrintStream out) {
    Simulation simulation = new Simulation(seed, false, true, out, null);
    simulation.operator.steer();
    return simulation.run();
  }

  /** Runs a seed in a cluster that goes by ClockTimes, as one with an original in it does. */
  static SimReport runWithoutVotes(long seed, @Nullable PrintStream out) {
    return new Simulation(seed, false, false, out, null).run();
  }

  /** Runs a seed with a bug in all processes, which go by ClockTimes unless it is one of votes. */
  static SimReport run(long seed, @Nullable PrintStream out, PlantedBug bug) {
    return new Simulation(seed, false, bug.isOfVotes(), out, bug).run();
  }

  /** Runs a seed into which a test meddles, when the cluster is up and before anything happens. */
  static SimReport runCalm(long seed, Consumer<World> meddling) {
    Simulation simulation = new Simulation(seed, true, true, null, null);
    simulation.meddling = meddling;
    return simulation.run();
  }

  /** Runs a seed without faults and without administration. */
  static SimReport runCalm(long seed, @Nullable PrintStream out, @Nullable PlantedBug bug) {
    return new Simulation(seed, true, bug == null || bug.isOfVotes(), out, bug).run();
  }

  private SimReport run() {
    putUp();
    meddling.accept(world);
    workload.start();
    if (!calm) {
      trouble();
    }
    startSpares();
    runWorkload();
    workload.stop();
    if (!views.violations().isEmpty()) {
      return report(views.violations());
    }
    aimedFaults.end();
    voteFaults.end();
    faults.end();
    availability.afterTheHeal();
    operator.heal();
    if (judge.healed() && availability.endsWithAnOutage()) {
      availability.inAMajority();
    }
    List<Violation> violations = new ArrayList<>(availability.violations());
    violations.addAll(judge.judge());
    violations.addAll(views.violations());
    return report(violations);
  }

  private SimReport report(List<Violation> violations) {
    int unknown = (int) world.history().ops().stream().filter(ClientOp::isUnknown).count();
    return new SimReport(
        world.settings(),
        violations,
        faults.injected(),
        faults.hits(),
        world.history().ops().size(),
        unknown,
        world.trace().hash());
  }

  private void trouble() {
    if (world.settings().isAimed()) {
      aimedFaults.start();
      return;
    }
    operator.meddle();
    if (!onlyVoteFaults()) {
      faults.start();
    }
    if (hasVoteFaults()) {
      voteFaults.start();
    }
  }

  private void putUp() {
    views.start();
    Settings settings = world.settings();
    world.managers().forEach(SimProcess::start);
    int first = settings.servers() - settings.spare();
    world.servers().subList(0, first).forEach(SimProcess::start);
    world.gateways().forEach(SimProcess::start);
    boolean asked = false;
    for (int i = 0; i < 2 * ATTACH_SECONDS; i++) {
      world.events().runFor(STEP_NS);
      if (!asked && operator.sees(first)) {
        operator.attach();
        asked = true;
      } else if (asked && world.isSettled()) {
        return;
      }
    }
    world.trace().say("the cluster did not come up");
  }

  private void startSpares() {
    Settings settings = world.settings();
    for (int i = settings.servers() - settings.spare(); i < settings.servers(); i++) {
      SimServer server = world.servers().get(i);
      world.events().schedule(Duration.ofSeconds(5L * (i + 1)).toNanos(), server::start);
    }
  }

  private void runWorkload() {
    for (int second = 0; !isEnough(second); second++) {
      world.events().runFor(2 * STEP_NS);
    }
  }

  /** A bug of votes is looked for where they matter. */
  private boolean hasVoteFaults() {
    PlantedBug bug = world.bug();
    return world.settings().votesSuffer() || (bug != null && bug.isOfVotes());
  }

  /** They meet more often where nothing else is in their way. */
  private boolean onlyVoteFaults() {
    return world.settings().seed() % 2 == 0 && hasVoteFaults();
  }

  private boolean isRoughEnough() {
    return calm
        || world.settings().isAimed()
        || onlyVoteFaults()
        || faults.total() >= Settings.FAULTS;
  }

  private boolean isEnough(int second) {
    if (!views.violations().isEmpty()) {
      return true;
    }
    boolean longEnough = second >= Settings.WORKLOAD_SECONDS;
    boolean full = workload.started() >= Settings.OPERATIONS && isRoughEnough();
    return (longEnough && full) || second >= 4 * Settings.WORKLOAD_SECONDS;
  }
}
