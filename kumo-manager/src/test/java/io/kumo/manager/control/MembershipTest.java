package io.kumo.manager.control;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.testing.ManualTime;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeLinks;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.VersionSource;
import io.kumo.manager.rebalance.PhaseProgress;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.manager.rebalance.RebalanceRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All decisions of a manager, without a network: sessions are sets of addresses. */
class MembershipTest {
  private static final long KEEPALIVE_MS = 2000;
  private static final NodeAddress SELF = node(100);
  private static final NodeAddress PARTNER = node(101);

  private final ManualTime time = new ManualTime();
  private final Set<NodeAddress> dead = new HashSet<>();
  private final List<NodeAddress> pinged = new ArrayList<>();
  private final List<NodeAddress> dropped = new ArrayList<>();
  private int published;
  private int toldPartner;

  /** One manager that has just started. */
  private final class Manager {
    final FailureDetector detector =
        new FailureDetector(Duration.ofMillis(KEEPALIVE_MS).toNanos(), time.nanoTime());
    final PartnerSync partner;
    final MemberTable table;
    final RebalanceDirector director = new RebalanceDirector();
    final RebalanceControl rebalance;
    final Membership membership;

    Manager(@Nullable NodeAddress other) {
      partner = new PartnerSync(SELF, other, detector::patienceNs, time.nanoTime());
      table = new MemberTable(new VersionSource(new HybridClock(time), partner::rank));
      HashSpaceBroadcast broadcast = new CountingBroadcast();
      rebalance = new RebalanceControl(table, director, broadcast, new NoRequests(), time);
      NodeWatch watch =
          new NodeWatch(detector, table, partner, dead::contains, time, detector.patienceNs());
      membership =
          new Membership(
              table,
              partner,
              detector,
              watch,
              new ClockWatch(partner, 5000),
              new PaperLinks(),
              broadcast,
              rebalance,
              time,
              Standing.NONE);
    }

    void connected(int... ports) {
      for (int port : ports) {
        membership.servers().appeared(node(port), process(port));
      }
    }

    void attached(int... ports) {
      connected(ports);
      membership.orders().attach();
      table.completeCopy();
    }

    HashSpace write() {
      return table.spaces().write();
    }

    /** Time passes, in which these servers answer. */
    void runMillis(long millis, int... answering) {
      long stepMs = KEEPALIVE_MS / FailureDetector.CHECKS_PER_INTERVAL;
      for (long t = 0; t < millis; t += stepMs) {
        time.advanceMs(stepMs);
        IntStream.of(answering).forEach(port -> membership.heartbeats().heard(node(port)));
        membership.heartbeats().tick();
      }
    }
  }

  private final class CountingBroadcast implements HashSpaceBroadcast {
    @Override
    public void publish(Runnable toldServers, Consumer<String> failed) {
      published++;
      toldServers.run();
    }

    @Override
    public void syncPartner() {
      toldPartner++;
    }
  }

  private static final class NoRequests implements RebalanceRequests {
    @Override
    public void startCopy(NodeAddress server, HashSpace write, boolean full, Runnable failed) {}

    @Override
    public void startDelete(NodeAddress server, HashSpace write, Runnable failed) {}

    @Override
    public void askProgress(NodeAddress server, Consumer<PhaseProgress> answered) {}
  }

  private final class PaperLinks implements NodeLinks {
    @Override
    public void keepAlive(NodeAddress node) {
      pinged.add(node);
    }

    @Override
    public boolean isDead(NodeAddress node) {
      return dead.contains(node);
    }

    @Override
    public void drop(NodeAddress node, String reason) {
      dropped.add(node);
    }
  }

  private static HashSpaces spaces(long clockTime, int... ports) {
    List<Node> nodes = IntStream.of(ports).mapToObj(p -> new Node(node(p), true)).toList();
    HashSpace space = HashSpace.of(nodes, clockTime);
    return new HashSpaces(space, space);
  }

  private static void reported(Manager manager, int port, HashSpaces shown, boolean clean) {
    manager.connected(port);
    manager
        .membership
        .servers()
        .reported(node(port), shown, Map.of(node(port), process(port)), clean);
  }

  @Test
  void aServerWhoseProcessIsDeadIsMarkedAtOnceAndThatIsMadeKnown() {
    Manager manager = new Manager(null);
    manager.attached(1, 2, 3);
    published = 0;
    dead.add(node(2));
    manager.membership.servers().lost(node(2));
    assertThat(manager.write().isActive(node(2))).isFalse();
    assertThat(manager.write().find(node(2))).isPresent();
    assertThat(published).isPositive();
  }

  @Test
  void aSilentServerIsAskedThreeTimesThenDroppedAndMarked() {
    Manager manager = new Manager(null);
    manager.attached(1, 2, 3);
    pinged.clear();
    manager.runMillis(4 * KEEPALIVE_MS, 1, 3);
    assertThat(pinged.stream().filter(node(2)::equals)).hasSizeBetween(2, 4);
    assertThat(dropped).containsExactly(node(2));
    assertThat(manager.write().isActive(node(2))).isFalse();
    assertThat(manager.write().isActive(node(1))).isTrue();
  }

  @Test
  void whenAllFallSilentNobodyIsMarkedAndOrdersAreRefusedUntilOneIsHeard() {
    Manager manager = new Manager(null);
    manager.attached(1, 2, 3);
    manager.runMillis(4 * KEEPALIVE_MS);
    assertThat(manager.write().nodes()).allMatch(Node::active);
    assertThat(manager.membership.direction().mayDecide()).isFalse();
    assertThat(manager.membership.direction().objection()).contains("may be cut off");
    manager.membership.servers().appeared(node(1), process(1));
    assertThat(manager.membership.direction().mayDecide()).isTrue();
  }

  @Test
  void anotherProcessUnderTheAddressOfAnActiveOneIsMarkedFault() {
    Manager manager = new Manager(null);
    manager.attached(1, 2);
    manager.membership.servers().appeared(node(2), process(77));
    assertThat(manager.write().isActive(node(2))).isFalse();
    assertThat(manager.table.newcomers()).containsExactly(node(2));
  }

  @Test
  void aServerWhoseClockIsOffIsNotAttached() {
    Manager manager = new Manager(null);
    manager.connected(1, 2);
    manager.membership.clocks().measured(node(2), -6000);
    assertThat(manager.membership.orders().attach()).isTrue();
    assertThat(manager.write().find(node(2))).isEmpty();
    manager.membership.clocks().measured(node(2), 10);
    assertThat(manager.membership.orders().attach()).isTrue();
    assertThat(manager.write().isActive(node(2))).isTrue();
  }

  @Test
  void theLastServerIsNotDetachedThoughItIsFault() {
    Manager manager = new Manager(null);
    manager.attached(1);
    dead.add(node(1));
    manager.membership.servers().lost(node(1));
    assertThat(manager.membership.orders().detach()).isFalse();
    assertThat(manager.write().find(node(1))).isPresent();
  }

  @Test
  void aColdStartWaitsForEveryServerOfTheNewestHashSpaceAndThenChangesNothing() {
    Manager manager = new Manager(null);
    HashSpaces known = spaces(50, 1, 2);
    reported(manager, 1, known, true);
    manager.runMillis(3 * KEEPALIVE_MS, 1);
    assertThat(manager.write().nodes()).isEmpty();
    assertThat(manager.membership.direction().objection()).contains("127.0.0.1:2");
    reported(manager, 2, spaces(40, 1, 2), true);
    manager.runMillis(KEEPALIVE_MS, 1, 2);
    assertThat(manager.table.spaces()).isEqualTo(known);
    assertThat(manager.membership.direction().objection()).isNull();
  }

  @Test
  void afterAColdStartWhoCrashedIsFaultUnlessAllDid() {
    Manager some = new Manager(null);
    reported(some, 1, spaces(50, 1, 2), true);
    reported(some, 2, spaces(50, 1, 2), false);
    some.runMillis(2 * KEEPALIVE_MS, 1, 2);
    assertThat(some.write().isActive(node(1))).isTrue();
    assertThat(some.write().isActive(node(2))).isFalse();
    Manager all = new Manager(null);
    reported(all, 1, spaces(50, 1), false);
    all.runMillis(2 * KEEPALIVE_MS, 1);
    assertThat(all.write().isActive(node(1))).isTrue();
    assertThat(all.director.isRepairDue()).isTrue();
  }

  @Test
  void forceGoesByWhatHasBeenShownSoFar() {
    Manager manager = new Manager(null);
    reported(manager, 1, spaces(50, 1, 2), true);
    manager.membership.orders().force();
    assertThat(manager.write().nodes()).hasSize(2);
    assertThat(manager.membership.direction().mayDecide()).isTrue();
  }

  @Test
  void besideAPartnerNothingIsDecidedBeforeItHasSaidWhatItKnows() {
    Manager manager = new Manager(PARTNER);
    manager.connected(1, 2);
    assertThat(manager.membership.direction().objection()).contains("partner");
    manager.membership.partner().appeared(true);
    manager.membership.partner().synced(spaces(60, 1, 2), Map.of());
    assertThat(manager.membership.direction().mayDecide()).isTrue();
    assertThat(manager.write().clockTime()).isEqualTo(60);
  }

  @Test
  void managersThatBothActedWhileApartWantReplicasMadeEqual() {
    Manager manager = new Manager(PARTNER);
    manager.connected(1, 2, 3);
    manager.membership.partner().appeared(true);
    manager.membership.partner().synced(spaces(60, 1, 2, 3), Map.of());
    manager.membership.partner().lost();
    dead.add(PARTNER);
    manager.runMillis(KEEPALIVE_MS, 1, 2, 3);
    dead.add(node(3));
    manager.membership.servers().lost(node(3));
    assertThat(manager.write().isActive(node(3))).isFalse();
    dead.clear();
    manager.membership.partner().appeared(true);
    HashSpace theirs = HashSpace.of(List.of(new Node(node(1), true), new Node(node(2), false)), 70);
    manager.membership.partner().synced(new HashSpaces(theirs, theirs), Map.of());
    assertThat(manager.director.isRepairDue()).isTrue();
  }

  @Test
  void whatAServerShowsTheOneThatDoesNotDirectIsToldTheOtherOne() {
    Manager manager = new Manager(node(99));
    manager.connected(1, 2);
    manager.membership.partner().appeared(true);
    manager.membership.partner().synced(spaces(60, 1, 2), Map.of());
    published = 0;
    toldPartner = 0;
    reported(manager, 1, spaces(60, 1, 2), true);
    assertThat(toldPartner).isZero();
    reported(manager, 1, spaces(70, 1, 2), true);
    assertThat(manager.write().clockTime()).isEqualTo(70);
    assertThat(toldPartner).isEqualTo(1);
    assertThat(published).isZero();
  }

  @Test
  void whatComesFromThePartnerIsMadeKnownByTheOneThatDirectsAndEnded() {
    Manager manager = syncedAndIdle(true);
    manager.membership.partner().synced(spaces(70, 1, 2), Map.of());
    assertThat(published).isEqualTo(1);
    assertThat(manager.director.phase()).isEqualTo(RebalancePhase.DELETING);
    assertThat(manager.director.replaceTime()).isEqualTo(70);
  }

  @Test
  void anOriginalPartnerMakesKnownAndEndsWhatItBegan() {
    Manager manager = syncedAndIdle(false);
    manager.membership.partner().synced(spaces(70, 1, 2), null);
    assertThat(manager.write().clockTime()).isEqualTo(70);
    assertThat(published).isZero();
    assertThat(manager.director.phase()).isEqualTo(RebalancePhase.IDLE);
  }

  /** Beside a partner, with the hash spaces of 60 and nothing to do. */
  private Manager syncedAndIdle(boolean extended) {
    Manager manager = new Manager(PARTNER);
    manager.connected(1, 2);
    manager.membership.partner().appeared(extended);
    manager.membership.partner().synced(spaces(60, 1, 2), Map.of());
    manager.rebalance.deleteEnded(node(1), 60);
    manager.rebalance.deleteEnded(node(2), 60);
    assertThat(manager.director.phase()).isEqualTo(RebalancePhase.IDLE);
    published = 0;
    return manager;
  }

  @Test
  void aManagerThatDirectsNoLongerEndsItsRebalance() {
    Manager manager = new Manager(null);
    manager.attached(1, 2);
    manager.rebalance.start(false);
    assertThat(manager.director.phase()).isEqualTo(RebalancePhase.COPYING);
    manager.runMillis(4 * KEEPALIVE_MS);
    assertThat(manager.membership.direction().mayDecide()).isFalse();
    assertThat(manager.director.phase()).isEqualTo(RebalancePhase.IDLE);
  }
}
