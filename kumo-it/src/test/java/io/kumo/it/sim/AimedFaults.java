package io.kumo.it.sim;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.VoteState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Brings about one {@link Aim}, again and again: waits until all is well, sets the scene, and
 * strikes when a view of a certain kind has been published and is not yet committed. Nothing else
 * goes wrong meanwhile, so that healing is to clear the network and to start what is down.
 */
final class AimedFaults {
  private static final long LOOK_NS = Duration.ofMillis(2).toNanos();
  private static final int LOOKS_A_SECOND = 500;
  private static final int PATIENCE_MS = 14_000;
  private static final int LATE_MS = 1_300;

  private final World world;
  private final Operator operator;
  private final SplittableRandom random;
  private final Scene scene;
  private final Map<SimProcess, VoteState> backups = new HashMap<>();
  private Predicate<ClusterView> awaited = view -> false;
  private Runnable strike = () -> {};
  private ClusterView newest = ClusterView.NONE;
  private int act;
  private int looks;
  private boolean busy;
  private boolean over = true;

  AimedFaults(World world, Operator operator, SplittableRandom random) {
    this.world = world;
    this.operator = operator;
    this.random = random;
    this.scene = new Scene(world, random);
  }

  void start() {
    over = false;
    look();
  }

  /** Makes everything right, if it has been started. */
  void end() {
    if (!over) {
      over = true;
      heal();
    }
  }

  private void look() {
    if (over) {
      return;
    }
    for (SimServer server : SimServer.upOf(world.servers())) {
      newest = newest.newer(server.requireVoter().newest());
    }
    if (awaited.test(newest)) {
      Runnable now = strike;
      when(view -> false, () -> {});
      now.run();
    }
    if (++looks % LOOKS_A_SECOND == 0) {
      eachSecond();
    }
    world.events().schedule(LOOK_NS, this::look);
  }

  private void eachSecond() {
    if (!busy && world.isSettled()) {
      act++;
      busy = setUp(Aim.of(world.settings().seed()));
      if (busy) {
        later(PATIENCE_MS, this::heal);
      }
    } else if (!busy && Operator.faults(world) > 0 && looks % (3 * LOOKS_A_SECOND) == 0) {
      operator.command(new AttachNewServers(true, false), answer -> {});
    }
  }

  private void heal() {
    world.trace().say("aimed fault over");
    busy = false;
    when(view -> false, () -> {});
    world.conditions().clear();
    world.all().filter(SimProcess::isPaused).forEach(SimProcess::resume);
    world.all().forEach(SimProcess::startAgain);
  }

  private boolean setUp(Aim aim) {
    world.trace().say("aimed fault: " + aim);
    switch (aim) {
      case DUEL -> duel();
      case SPLIT_WHILE_PUBLISHING -> depose(this::leaveDirectorWithOne);
      case WAITER_RESTARTED -> depose(this::restartWaiter);
      case LATE_LEASES -> lateLeases();
      case ATTACH_AND_CANCEL -> {
        return attachWhileAway();
      }
      case DEAF_DIRECTOR -> depose(this::deafen);
      case TIE -> loseTieBreaker();
      case RESTORED_BACKUP -> restoreAcross();
    }
    return true;
  }

  // ---- elections

  /**
   * The second manager asks a lease after its start, and is slow; the first hangs until the voters
   * have been asked whether they would follow the second, and is done before they are asked for a
   * term.
   */
  private void duel() {
    SimManager first = world.managers().get(0);
    SimManager second = world.managers().get(1);
    first.kill();
    second.kill();
    world.conditions().slow(second.index(), Duration.ofMillis(200).toNanos());
    later(20, second::startAgain);
    later(600, first::startAgain); // When all have noticed that it was gone.
    later(601, first::pause);
    later(2_240 + random.nextInt(350), first::resume);
  }

  private void loseTieBreaker() {
    SimManager first = world.managers().get(0);
    SimManager second = world.managers().get(1);
    first.kill();
    when(
        view -> view.voters().find(first.address()).isEmpty(),
        () -> {
          List<SimServer> servers = scene.shuffled();
          List<SimProcess> one = List.of(second, servers.get(0), servers.get(1));
          List<SimProcess> other = List.of(first, servers.get(2), servers.get(3));
          scene.setApart(one, other);
          first.startAgain();
        });
  }

  /** Goes on with a quorum, one of which then forgets that, and meets those who know of nothing. */
  private void restoreAcross() {
    world.all().filter(process -> !(process instanceof SimGateway)).forEach(this::backUp);
    SimManager director = scene.director();
    SimManager other = scene.other(director);
    List<SimServer> servers = scene.shuffled();
    SimServer lost = servers.get(0);
    SimServer restored = servers.get(1);
    scene.setApart(List.of(director, restored, servers.get(2)), List.of(other, lost));
    when(
        view -> !isActive(view, lost),
        () ->
            later(
                1_500,
                () -> {
                  restored.kill();
                  VoteState backup = backups.get(restored);
                  if (backup != null) {
                    restored.vote().restore(backup);
                  }
                  world.conditions().clear();
                  scene.setApart(List.of(director, servers.get(2)), List.of(other, lost, restored));
                  restored.startAgain();
                }));
  }

  private void backUp(SimProcess process) {
    VoteState kept = process.vote().kept();
    if (kept != null) {
      backups.put(process, kept);
    }
  }

  // ---- a server loses its managers

  /** What happens as soon as the view is out that takes a server out, and before it knows of it. */
  private interface Deposed {
    void strike(SimServer server, List<SimGateway> asking);
  }

  private SimServer depose(Deposed then) {
    SimServer server = World.pick(world.servers(), random);
    List<SimGateway> asking = List.of(World.pick(world.gateways(), random));
    world.managers().forEach(manager -> scene.cut(server, manager));
    when(view -> !isActive(view, server), () -> then.strike(server, asking));
    return server;
  }

  private void leaveDirectorWithOne(SimServer server, List<SimGateway> asking) {
    SimManager director = scene.director();
    SimServer one = World.pick(scene.others(server), random);
    world.conditions().clear();
    scene.setApart(List.of(director, one), scene.allBut(List.of(director, one)));
  }

  private void restartWaiter(SimServer server, List<SimGateway> asking) {
    scene.isolate(server, asking);
    SimServer waiter = World.pick(scene.others(server), random);
    world.trace().say("aimed fault: " + server + " left alone, " + waiter + " started anew");
    waiter.kill();
    later(5 + random.nextInt(30), waiter::startAgain);
  }

  private void lateLeases() {
    SimServer server = depose(this::mute);
    long lateNs = Duration.ofMillis(LATE_MS).toNanos();
    scene.others(server).forEach(o -> world.conditions().delay(o.index(), server.index(), lateNs));
  }

  /** What it asked for before still comes. */
  private void mute(SimServer server, List<SimGateway> asking) {
    for (SimProcess other : scene.allBut(List.of(server))) {
      world.conditions().cut(server.index(), other.index(), !asking.contains(other));
    }
    scene.setApart(new ArrayList<>(asking), scene.allBut(Scene.with(server, asking)));
  }

  private void deafen(SimServer server, List<SimGateway> asking) {
    SimManager director = scene.director();
    world.conditions().clear();
    for (SimProcess other : scene.allBut(List.of(director))) {
      world.conditions().cut(other.index(), director.index(), true);
    }
    later(1_500 + random.nextInt(1_000), director::kill);
  }

  // ---- an operator changes who coordinates

  private boolean attachWhileAway() {
    SimServer newcomer = world.servers().get(world.servers().size() - 1);
    if (!newcomer.isWell()) {
      return false;
    }
    if (world.view().write().isActive(newcomer.address())) {
      ChangeMembers detach = new ChangeMembers(List.of(), List.of(newcomer.address()), true);
      operator.command(scene.director(), detach, answer -> {});
      return false;
    }
    SimServer away = World.pick(scene.others(newcomer), random);
    List<SimGateway> asking = List.of(World.pick(world.gateways(), random));
    scene.isolate(away, asking);
    operator.command(scene.director(), new AttachNewServers(true, false), answer -> {});
    when(view -> isInstalled(newcomer), () -> takeBack(newcomer, away));
    return true;
  }

  private boolean isInstalled(SimServer newcomer) {
    return newcomer.isWell() && newcomer.hasLease() && isActive(newcomer.installed(), newcomer);
  }

  private void takeBack(SimServer newcomer, SimServer away) {
    ClusterView before = newest;
    scene.allBut(List.of(newcomer)).forEach(other -> scene.cut(newcomer, other));
    operator.command(
        scene.director(), new SteerRebalance(SteerRebalance.Step.CANCEL), answer -> {});
    when(
        view -> view.isNewerThan(before) && !isActive(view, newcomer),
        () -> {
          world.conditions().clear();
          scene.allBut(List.of(newcomer)).forEach(other -> scene.cut(newcomer, other));
          world.managers().forEach(manager -> scene.cut(away, manager));
        });
  }

  // ---- means

  private void when(Predicate<ClusterView> published, Runnable then) {
    awaited = published;
    strike = then;
  }

  /** Unless the act is over by then. */
  private void later(int millis, Runnable step) {
    int current = act;
    world
        .events()
        .schedule(
            Duration.ofMillis(millis).toNanos(),
            () -> {
              if (!over && act == current) {
                step.run();
              }
            });
  }

  private static boolean isActive(ClusterView view, SimServer server) {
    return view.layout().spaces().write().isActive(server.address());
  }
}
