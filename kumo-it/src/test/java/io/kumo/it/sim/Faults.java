package io.kumo.it.sim;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.it.sim.disk.FsyncMode;
import io.kumo.it.sim.history.ClientOp;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Makes things go wrong, and right again after a while. Keeps to what the run's {@link Promise}
 * allows: one server at a time fails, the next only when the cluster has taken the last one back.
 */
final class Faults {
  private static final int MAX_SKEW_MILLIS = 2_000;
  private static final List<FaultKind> SERVER_FAULTS =
      List.of(
          FaultKind.KILL_SERVER,
          FaultKind.PAUSE_SERVER,
          FaultKind.POWER_LOSS,
          FaultKind.LOSE_DISK,
          FaultKind.CUT_SERVER);
  private static final List<FaultKind> SERVER_FAULTS_WITH_FULL_DISKS =
      Stream.concat(SERVER_FAULTS.stream(), Stream.of(FaultKind.FULL_DISK)).toList();

  private final World world;
  private final Workload workload;
  private final SplittableRandom random;
  private final Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, Integer> hits = new EnumMap<>(FaultKind.class);
  private final Repairs repairs;
  private boolean over;
  private boolean serverDown;
  private boolean waitsForCopies;

  Faults(World world, Workload workload, SplittableRandom random) {
    this.world = world;
    this.workload = workload;
    this.random = random;
    this.repairs = new Repairs(world);
    this.waitsForCopies = world.settings().votes();
  }

  /** The next server may fail as soon as all are active again, though records still move. */
  void doNotWaitForCopies() {
    waitsForCopies = false;
  }

  /** Faults of each kind so far. */
  Map<FaultKind, Integer> injected() {
    return injected;
  }

  /** Of these, the ones that met a write under way to what they hit. */
  Map<FaultKind, Integer> hits() {
    return hits;
  }

  int total() {
    return injected.values().stream().mapToInt(Integer::intValue).sum();
  }

  void start() {
    long waitNs = Duration.ofMillis(300 + random.nextInt(4_000)).toNanos();
    world
        .events()
        .schedule(
            waitNs,
            () -> {
              if (!over) {
                while (!inject(anyKind())) {
                  world.trace().mix(1);
                }
                start();
              }
            });
  }

  /** Makes everything right. */
  void end() {
    over = true;
    repairs.all();
    world.conditions().clear();
    world.all().forEach(process -> process.skew(0));
  }

  /** Half of all tries are for a server's process, most of which are not allowed at the moment. */
  private FaultKind anyKind() {
    boolean server = random.nextBoolean();
    List<FaultKind> servers =
        world.settings().disksFill() ? SERVER_FAULTS_WITH_FULL_DISKS : SERVER_FAULTS;
    return World.pick(server ? servers : anyFaults(), random);
  }

  private List<FaultKind> anyFaults() {
    List<FaultKind> all = List.of(FaultKind.values());
    return all.stream()
        .filter(kind -> world.settings().votes() || kind != FaultKind.SPLIT)
        .filter(kind -> world.settings().disksFill() || kind != FaultKind.FULL_DISK)
        .filter(kind -> world.settings().copies().zones() > 0 || kind != FaultKind.KILL_ZONE)
        .toList();
  }

  private boolean inject(FaultKind kind) {
    return switch (kind) {
      case KILL_SERVER, PAUSE_SERVER, FULL_DISK -> serverFault(kind, mayFailServer());
      case POWER_LOSS -> serverFault(kind, mayLoseWrites());
      case LOSE_DISK -> serverFault(kind, mayLoseDisk());
      case KILL_MANAGER -> down(kind, World.pick(world.managers(), random), 12_000);
      case PAUSE_MANAGER -> mayPauseManager() && pauseManager(kind);
      case KILL_ALL_MANAGERS -> killManagers(kind);
      case KILL_GATEWAY -> down(kind, World.pick(world.gateways(), random), 4_000);
      case PAUSE_GATEWAY -> pause(kind, World.pick(world.gateways(), random), 12_000);
      case SHORT_CUT -> cutShortly(kind, anyHost(), anyHost());
      case CUT_SERVER -> mayCut(Promise.WRITES) && cutServer(kind);
      case CUT_MANAGERS -> mayCut(Promise.CONVERGENCE) && cutManagers(kind);
      case SPLIT -> world.settings().votes() && split(kind);
      case KILL_ZONE -> killZone(kind);
      case SLOW_HOST -> slow(kind);
      case BREAK_LINKS -> breakLinks(kind);
      case CLOCK_JUMP -> jump(kind);
    };
  }

  // ---- what is allowed

  private boolean mayFailServer() {
    HashSpace write = world.view().write();
    boolean allActive = write.nodes().stream().allMatch(Node::active);
    boolean whole = !waitsForCopies || hasAllCopies();
    return !serverDown && !write.isEmpty() && allActive && allServersWell() && whole;
  }

  /** A cut takes servers out, as a death does: the next comes when all have been given theirs. */
  private boolean hasAllCopies() {
    return !world.view().rebalancing()
        && world.managers().stream().noneMatch(SimManager::isRebalancing);
  }

  /** One that is back before anybody noticed that it was lost is not well yet. */
  private boolean allServersWell() {
    HashSpace write = world.view().write();
    return world.servers().stream()
        .filter(server -> write.isActive(server.address()))
        .allMatch(server -> server.isWell() && server.isNamed());
  }

  private boolean mayLoseWrites() {
    boolean synced = world.settings().fsync() == FsyncMode.ALWAYS;
    return mayFailServer() && (synced || mayLoseDisk());
  }

  private boolean mayLoseDisk() {
    HashSpace write = world.view().write();
    return mayFailServer()
        && world.isSettled()
        && nothingIsVotedOn()
        && world.managers().stream().noneMatch(SimManager::isToldOfBrokenLinks)
        && Math.min(write.nodes().size(), write.copies()) > 1;
  }

  /** Who has accepted a view without another server may be the last one that has a vote by it. */
  private boolean nothingIsVotedOn() {
    return world.servers().stream()
        .filter(server -> world.settings().votes() && server.isWell())
        .allMatch(server -> server.noted().equals(server.installed().id()));
  }

  /** A key has a copy elsewhere, and those that are left can go on. */
  private boolean mayFailZone(List<SimServer> zone) {
    HashSpace write = world.view().write();
    int there = write.nodes().size();
    return mayFailServer()
        && world.isSettled()
        && write.copies() > 1
        && !zone.isEmpty()
        && 2 * zone.size() <= there;
  }

  private boolean mayPauseManager() {
    return world.managers().size() == 1 || mayCut(Promise.CONVERGENCE);
  }

  /**
   * Whether the network may be cut in a way that leaves this promise, and not more, to a cluster
   * without votes.
   */
  private boolean mayCut(Promise withoutVotes) {
    return world.settings().votes() || world.settings().promise().compareTo(withoutVotes) >= 0;
  }

  // ---- what goes wrong

  private boolean serverFault(FaultKind kind, boolean allowed) {
    List<SimServer> attached =
        world.servers().stream()
            .filter(server -> server.isWell() && world.view().write().isActive(server.address()))
            .toList();
    if (!allowed || attached.isEmpty()) {
      return false;
    }
    SimServer server = World.pick(attached, random);
    count(kind, server);
    serverDown = true;
    switch (kind) {
      case PAUSE_SERVER -> server.pause();
      case FULL_DISK -> server.disk().setFull(true);
      case POWER_LOSS -> {
        server.powerOff();
        server.disk().losePower();
      }
      case LOSE_DISK -> {
        server.kill();
        server.loseDisk();
      }
      default -> server.kill();
    }
    repairs.later(
        50 + random.nextInt(14_000),
        kind + " of " + server,
        () -> {
          serverDown = false;
          switch (kind) {
            case PAUSE_SERVER -> server.resume();
            case FULL_DISK -> server.disk().setFull(false);
            default -> server.startAgain();
          }
        });
    return true;
  }

  private boolean killZone(FaultKind kind) {
    HashSpace write = world.view().write();
    String name = World.pick(world.servers(), random).zone();
    List<SimServer> zone =
        world.servers().stream()
            .filter(server -> server.zone().equals(name) && write.isActive(server.address()))
            .toList();
    if (!mayFailZone(zone)) {
      return false;
    }
    count(kind, zone.get(0));
    zone.forEach(SimProcess::kill);
    serverDown = true;
    repairs.later(
        50 + random.nextInt(14_000),
        kind + " of " + zone,
        () -> {
          serverDown = false;
          zone.forEach(SimProcess::startAgain);
        });
    return true;
  }

  private boolean down(FaultKind kind, SimProcess process, int maxMillis) {
    if (!process.isWell()) {
      return false;
    }
    count(kind, process);
    stop(kind, process, maxMillis);
    return true;
  }

  private void stop(FaultKind kind, SimProcess process, int maxMillis) {
    process.kill();
    repairs.later(50 + random.nextInt(maxMillis), kind + " of " + process, process::startAgain);
  }

  private boolean killManagers(FaultKind kind) {
    if (!world.managers().stream().allMatch(SimProcess::isWell)) {
      return false;
    }
    count(kind, world.managers().get(0));
    world.managers().forEach(manager -> stop(kind, manager, 12_000));
    return true;
  }

  private boolean pauseManager(FaultKind kind) {
    return pause(kind, World.pick(world.managers(), random), 12_000);
  }

  private boolean pause(FaultKind kind, SimProcess process, int maxMillis) {
    if (!process.isWell()) {
      return false;
    }
    count(kind, process);
    process.pause();
    repairs.later(50 + random.nextInt(maxMillis), kind + " of " + process, process::resume);
    return true;
  }

  private boolean cutServer(FaultKind kind) {
    if (!mayFailServer()) {
      return false;
    }
    SimServer server = World.pick(world.servers(), random);
    List<SimProcess> others =
        world.all().filter(process -> process != server && random.nextBoolean()).toList();
    boolean in = random.nextInt(3) != 0;
    boolean out = !in || random.nextBoolean();
    count(kind, server);
    others.forEach(other -> cut(server, other, in, out, true));
    serverDown = true;
    repairs.later(
        500 + random.nextInt(15_000),
        kind + " of " + server,
        () -> {
          serverDown = false;
          others.forEach(other -> cut(server, other, in, out, false));
        });
    return true;
  }

  /** Two halves that hear nothing of each other, or of which one is not heard by the other. */
  private boolean split(FaultKind kind) {
    if (!mayFailServer()) {
      return false;
    }
    List<SimProcess> one = world.all().filter(process -> random.nextBoolean()).toList();
    List<SimProcess> other = world.all().filter(process -> !one.contains(process)).toList();
    boolean bothWays = random.nextInt(3) != 0;
    count(kind, World.pick(world.servers(), random));
    serverDown = true;
    world.trace().say("  " + one + (bothWays ? " | " : " > ") + other);
    setSplit(one, other, bothWays, true);
    repairs.later(
        500 + random.nextInt(15_000),
        kind.toString(),
        () -> {
          serverDown = false;
          setSplit(one, other, bothWays, false);
        });
    return true;
  }

  private void setSplit(
      List<SimProcess> one, List<SimProcess> other, boolean bothWays, boolean isCut) {
    one.forEach(a -> other.forEach(b -> cut(a, b, bothWays, true, isCut)));
  }

  private boolean cutManagers(FaultKind kind) {
    boolean voted = world.settings().votes();
    if (world.managers().size() < 2 || (voted && !mayFailServer())) {
      return false;
    }
    serverDown |= voted;
    SimManager one = world.managers().get(0);
    SimManager two = world.managers().get(1);
    List<SimServer> side = world.servers().stream().filter(s -> random.nextBoolean()).toList();
    count(kind, one);
    setSplit(one, two, side, true);
    repairs.later(
        2_000 + random.nextInt(12_000),
        kind.toString(),
        () -> {
          serverDown &= !voted;
          setSplit(one, two, side, false);
        });
    return true;
  }

  private void setSplit(SimManager one, SimManager two, List<SimServer> side, boolean isCut) {
    cut(one, two, true, true, isCut);
    world.servers().forEach(s -> cut(side.contains(s) ? one : two, s, true, true, isCut));
  }

  private boolean cutShortly(FaultKind kind, SimProcess a, SimProcess b) {
    if (a == b) {
      return false;
    }
    boolean in = random.nextBoolean();
    boolean out = !in || random.nextBoolean();
    count(kind, a);
    cut(a, b, in, out, true);
    repairs.later(
        20 + random.nextInt(1_500),
        kind + " between " + a + " and " + b,
        () -> cut(a, b, in, out, false));
    return true;
  }

  private void cut(SimProcess a, SimProcess b, boolean in, boolean out, boolean isCut) {
    if (in) {
      world.conditions().cut(b.index(), a.index(), isCut);
    }
    if (out) {
      world.conditions().cut(a.index(), b.index(), isCut);
    }
  }

  private boolean slow(FaultKind kind) {
    SimProcess host = anyHost();
    count(kind, host);
    world.conditions().slow(host.index(), Duration.ofMillis(1 + random.nextInt(150)).toNanos());
    repairs.later(
        500 + random.nextInt(8_000),
        kind + " of " + host,
        () -> world.conditions().slow(host.index(), 0));
    return true;
  }

  private boolean breakLinks(FaultKind kind) {
    SimProcess a = anyHost();
    SimProcess b = anyHost();
    if (a == b) {
      return false;
    }
    count(kind, a);
    world.trace().say("  between " + a + " and " + b);
    world.network().resetLinks(a.address(), b.address());
    return true;
  }

  private boolean jump(FaultKind kind) {
    SimProcess host = anyHost();
    count(kind, host);
    host.skew(random.nextInt(2 * MAX_SKEW_MILLIS) - MAX_SKEW_MILLIS);
    return true;
  }

  private SimProcess anyHost() {
    return World.pick(world.all().toList(), random);
  }

  private void count(FaultKind kind, SimProcess target) {
    injected.merge(kind, 1, Integer::sum);
    if (workload.inFlight().stream().anyMatch(op -> !op.isRead() && concerns(op, target))) {
      hits.merge(kind, 1, Integer::sum);
    }
    world.trace().say("fault: " + kind + " of " + target);
  }

  private boolean concerns(ClientOp op, SimProcess target) {
    if (target instanceof SimServer server) {
      return world.view().write().replicas(World.hash(op.key())).stream()
          .anyMatch(node -> node.address().equals(server.address()));
    }
    return true;
  }
}
