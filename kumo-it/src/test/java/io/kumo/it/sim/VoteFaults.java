package io.kumo.it.sim;

import io.kumo.core.view.ViewId;
import io.kumo.core.vote.VoteState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Faults where votes and leases are all that helps: what happens in the few milliseconds in which a
 * view is published and not yet committed, and what directors do that come and go. By chance they
 * would hardly ever meet.
 *
 * <p>No more than one server is cut off at a time. Others are started anew at once, which loses
 * nothing that they have acknowledged.
 */
final class VoteFaults {
  private static final long LOOK_NS = Duration.ofMillis(3).toNanos();
  private static final long RESTORE_EVERY_NS = Duration.ofSeconds(20).toNanos();
  private static final int HOLDS_MS = 5_000;

  private final World world;
  private final SplittableRandom random;
  private final Repairs repairs;
  private final Map<SimProcess, VoteState> backups = new HashMap<>();
  private ViewId seen = new ViewId(0, 0);
  private @Nullable SimServer deposed;
  private List<SimGateway> asking = List.of();
  private final boolean deposes;
  private long restoredNs;
  private boolean busy;
  private boolean over;

  VoteFaults(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
    this.repairs = new Repairs(world);
    this.deposes = random.nextBoolean();
  }

  void start() {
    look();
    trouble();
  }

  /** Makes everything right; to be called before the network is. */
  void end() {
    over = true;
    repairs.all();
  }

  // ---- directors that come and go

  private void trouble() {
    int waitMs = 1_000 + random.nextInt(6_000);
    world
        .events()
        .schedule(
            Duration.ofMillis(waitMs).toNanos(),
            () -> {
              if (!over) {
                disturb();
                backUp();
                trouble();
              }
            });
  }

  private void disturb() {
    if (deposes) {
      depose();
      return;
    }
    SimManager manager = World.pick(world.managers(), random);
    switch (random.nextInt(4)) {
      case 0 -> restart(manager, 20 + random.nextInt(100), false);
      case 1 -> restore();
      case 2 -> world.managers().forEach(each -> restart(each, 20 + random.nextInt(3_000), false));
      default -> slow(manager, 200 + random.nextInt(2_000));
    }
  }

  /**
   * One vote is put back to what it was, in the middle of an election. The next only when voters
   * have been named that can do without it.
   */
  private void restore() {
    long nowNs = world.events().nowNs();
    if (!world.isSettled() || nowNs - restoredNs < RESTORE_EVERY_NS) {
      return;
    }
    restoredNs = nowNs;
    List<SimProcess> voters = world.all().filter(backups::containsKey).toList();
    if (voters.isEmpty()) {
      return;
    }
    SimProcess voter = World.pick(voters, random);
    restart(voter, 20 + random.nextInt(300), true);
    world.managers().stream()
        .filter(manager -> manager != voter)
        .forEach(manager -> restart(manager, 20 + random.nextInt(300), false));
  }

  /**
   * Takes the managers away from a server, which go on without it when three heartbeats are missed,
   * and from some gateways, which go on asking it; {@link #strike} then may take all others away
   * from these.
   */
  private void depose() {
    List<SimServer> active =
        world.servers().stream()
            .filter(server -> server.isWell() && world.view().write().isActive(server.address()))
            .toList();
    if (busy || active.size() < 3 || !world.isSettled()) {
      return;
    }
    busy = true;
    SimServer server = World.pick(active, random);
    deposed = server;
    List<SimGateway> with = world.gateways().stream().filter(g -> random.nextInt(3) > 0).toList();
    asking = with;
    world.trace().say("vote fault: managers taken from " + server + " and " + with);
    setManagersAway(server, with, true);
    if (random.nextBoolean()) {
      answerLate(server, 600 + random.nextInt(900));
    }
    repairs.later(
        3 * HOLDS_MS,
        "managers taken from " + server,
        () -> {
          setManagersAway(server, with, false);
          deposed = null;
          busy = false;
        });
  }

  private void setManagersAway(SimServer server, List<SimGateway> with, boolean isCut) {
    for (SimManager manager : world.managers()) {
      cut(server, manager, isCut);
      with.forEach(gateway -> cut(gateway, manager, isCut));
    }
  }

  /** Other servers' answers come late, leases among them. */
  private void answerLate(SimServer server, int millis) {
    world.trace().say("vote fault: " + server + " is answered late by " + millis + " ms");
    long lateNs = Duration.ofMillis(millis).toNanos();
    world.servers().forEach(o -> world.conditions().delay(o.index(), server.index(), lateNs));
    repairs.later(
        2 * HOLDS_MS,
        server + " is answered late",
        () -> world.servers().forEach(o -> world.conditions().delay(o.index(), server.index(), 0)));
  }

  // ---- while a view is out

  private void look() {
    if (over) {
      return;
    }
    ViewId newest = seen;
    for (SimServer server : world.servers()) {
      ViewId noted = server.noted();
      newest = noted.isNewerThan(newest) ? noted : newest;
    }
    if (newest.isNewerThan(seen)) {
      seen = newest;
      strike();
    }
    world.events().schedule(LOOK_NS, this::look);
  }

  private void strike() {
    SimServer victim = deposed;
    if (victim != null && victim.isWell()) {
      deposed = null;
      if (random.nextBoolean()) {
        isolate(victim, asking);
      }
    }
    if (deposes) {
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> restart(World.pick(world.managers(), random), 20 + random.nextInt(3_000), false);
      case 1 -> restart(World.pick(world.servers(), random), 10 + random.nextInt(50), false);
      case 2 -> apart();
      default -> world.trace().mix(3);
    }
  }

  /** With some gateways, which go on asking it. */
  private void isolate(SimServer server, List<SimGateway> with) {
    List<SimProcess> others =
        world.all().filter(process -> process != server && !with.contains(process)).toList();
    world.trace().say("vote fault: " + server + " left alone with " + with);
    setApart(server, with, others, true);
    repairs.later(
        HOLDS_MS, server + " left alone with " + with, () -> setApart(server, with, others, false));
  }

  private void setApart(
      SimServer server, List<SimGateway> with, List<SimProcess> others, boolean isCut) {
    others.forEach(other -> cut(server, other, isCut));
    with.forEach(
        gateway ->
            others.stream()
                .filter(other -> !(other instanceof SimGateway))
                .forEach(other -> cut(gateway, other, isCut)));
  }

  /** The managers cannot hear each other, and each only some of the servers. */
  private void apart() {
    if (busy || world.managers().size() < 2) {
      return;
    }
    busy = true;
    List<SimProcess> one = world.all().filter(process -> random.nextBoolean()).toList();
    List<SimProcess> other = new ArrayList<>(world.all().toList());
    other.removeAll(one);
    world.trace().say("vote fault: " + one + " | " + other);
    one.forEach(a -> other.forEach(b -> cut(a, b, true)));
    repairs.later(
        500 + random.nextInt(HOLDS_MS),
        "apart",
        () -> {
          one.forEach(a -> other.forEach(b -> cut(a, b, false)));
          busy = false;
        });
  }

  // ---- means

  /**
   * @param restored whether its vote is put back to what it was a while ago
   */
  private void restart(SimProcess process, int millis, boolean restored) {
    if (!process.isWell()) {
      return;
    }
    world.trace().say("vote fault: " + process + " started anew" + (restored ? ", restored" : ""));
    process.kill();
    VoteState backup = backups.get(process);
    if (restored && backup != null) {
      process.vote().restore(backup);
    }
    repairs.later(millis, "restart of " + process, process::startAgain);
  }

  private void backUp() {
    if (random.nextInt(3) == 0) {
      world.all().filter(process -> !(process instanceof SimGateway)).forEach(this::backUp);
    }
  }

  private void backUp(SimProcess process) {
    VoteState kept = process.vote().kept();
    if (kept != null) {
      backups.put(process, kept);
    }
  }

  private void slow(SimProcess process, int millis) {
    world.trace().say("vote fault: " + process + " slow by " + millis + " ms");
    world.conditions().slow(process.index(), Duration.ofMillis(millis).toNanos());
    repairs.later(
        HOLDS_MS + 4_000, process + " slow", () -> world.conditions().slow(process.index(), 0));
  }

  private void cut(SimProcess one, SimProcess other, boolean isCut) {
    world.conditions().cut(one.index(), other.index(), isCut);
    world.conditions().cut(other.index(), one.index(), isCut);
  }
}
