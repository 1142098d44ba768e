package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.manager.admin.FlushControl;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.membership.VersionSource;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.view.ClusterState;
import io.kumo.manager.view.ViewRounds;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flushes of a manager that decides nothing else, with servers on a network in memory. */
class FlushControlTest {
  private static final NodeAddress SELF = node(100);
  private static final String TRUE = "c3";

  private final MemoryCluster cluster = new MemoryCluster();
  private final MemoryHost host = cluster.startHost(SELF);
  private final HybridClock clock = new HybridClock(host.time());
  private final PartnerSync partner = new PartnerSync(SELF, null, () -> 1, host.time().nanoTime());
  private final MemberTable table = new MemberTable(new VersionSource(clock, 0));
  private final ClusterState state =
      new ClusterState(table, new RebalanceDirector(), new CurrentManagers(SELF, partner));
  private CallResult answer = new CallResult();
  private FlushControl flushes;
  private FakeMember one;
  private FakeMember two;

  @BeforeEach
  void start() throws IOException {
    RpcEndpoint endpoint = Endpoints.of(host, Role.MANAGER);
    NodeSessions sessions = new NodeSessions(endpoint, clock, () -> 0);
    HashSpacePublisher publisher =
        new HashSpacePublisher(sessions, table, partner, state, ViewRounds.NONE);
    flushes = new FlushControl(table, publisher, sessions, state);
    endpoint.handle(
        Method.FLUSH_ALL, FlushAll.class, (order, caller, reply) -> flushes.flush(order, reply));
    endpoint.listen(SELF);
    one = attach(3);
    two = attach(4);
  }

  private FakeMember attach(int port) {
    FakeMember server =
        new FakeMember(
            cluster.startHost(node(port)), node(port), port, PublishedSpaces.EMPTY, null, SELF);
    table.connected(node(port), new ServerInfo(Capabilities.EXTENDED, port));
    table.attach(table.newcomers());
    return server;
  }

  private void ask(FlushAll order) {
    answer = cluster.send(SELF, order);
    cluster.runMillis(5000);
  }

  private long nowSeconds() {
    return host.time().unixMillis() / 1000;
  }

  private static long flushed(FakeMember server) {
    return server.view().extras().flushClockTime();
  }

  @Test
  void itLiesAboveEveryServersClockAndIsAnsweredWhenAllKnow() {
    one.setClock(ClockTime.of(nowSeconds() + 20, 3));
    two.setClock(ClockTime.of(nowSeconds() + 10, 9));
    ask(new FlushAll(0, 0));
    assertThat(answer).hasToString(TRUE);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isGreaterThan(one.clock());
  }

  @Test
  void anOriginalServerAmongThemRefusesIt() {
    table.connected(node(5), ServerInfo.UNKNOWN);
    table.attach(table.newcomers());
    ask(new FlushAll(0, 0));
    assertThat(answer.toString()).contains("not every server");
    assertThat(flushed(one)).isZero();
  }

  @Test
  void whatIsDueLaterIsDoneByATickOfTheManagerThatDirects() {
    ask(new FlushAll(nowSeconds() + 30, 0));
    assertThat(answer).hasToString(TRUE);
    assertThat(state.delayedFlush().dueSeconds()).isNotZero();
    cluster.runMillis(30_000);
    flushes.tick(false);
    cluster.runMillis(1000);
    assertThat(flushed(one)).isZero();
    flushes.tick(true);
    cluster.runMillis(1000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
    assertThat(state.delayedFlush().dueSeconds()).isZero();
  }

  @Test
  void oneThatCouldNotBeDoneStaysDue() {
    two.setDeaf(true);
    ask(new FlushAll(nowSeconds() + 10, 0));
    cluster.runMillis(10_000);
    flushes.tick(true);
    cluster.runMillis(3000);
    assertThat(flushed(one)).isZero();
    two.setDeaf(false);
    flushes.tick(true);
    cluster.runMillis(1000);
    assertThat(flushed(one)).isNotZero();
  }
}
