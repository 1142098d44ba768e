package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.manager.admin.FlushControl;
import io.kumo.manager.control.ClusterState;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.NodeSessions;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.membership.VersionSource;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flushes of a manager that decides nothing else, with servers on a network in memory. */
class FlushControlTest {
  private static final NodeAddress SELF = node(100);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final HybridClock clock = new HybridClock(host.time());
  private final PartnerSync partner = new PartnerSync(SELF, null, 1, host.time().nanoTime());
  private final MemberTable table = new MemberTable(new VersionSource(clock, 0));
  private final ClusterState state =
      new ClusterState(table, new RebalanceDirector(), new CurrentManagers(SELF, partner));
  private final StringBuilder answers = new StringBuilder();
  private RpcEndpoint asking;
  private FlushControl flushes;
  private FakeMember one;
  private FakeMember two;

  @BeforeEach
  void start() throws IOException {
    Identity identity = new Identity(SELF, Role.MANAGER, Capabilities.EXTENDED, 9);
    RpcEndpoint endpoint = new RpcEndpoint(host, identity, RpcOptions.DEFAULT, new Random(9));
    NodeSessions sessions = new NodeSessions(endpoint, clock, () -> 0);
    HashSpacePublisher publisher = new HashSpacePublisher(sessions, table, partner, state);
    flushes = new FlushControl(table, publisher, sessions, state);
    endpoint.handle(
        Method.FLUSH_ALL, FlushAll.class, (order, caller, reply) -> flushes.flush(order, reply));
    endpoint.listen(SELF);
    asking = new RpcEndpoint(network.start(node(1)), null, RpcOptions.DEFAULT, new Random(1));
    one = attach(3);
    two = attach(4);
  }

  private FakeMember attach(int port) {
    FakeMember server =
        new FakeMember(network.start(node(port)), node(port), port, ClusterView.EMPTY, SELF);
    table.connected(node(port), new ServerInfo(Capabilities.EXTENDED, port));
    table.attach(table.newcomers());
    return server;
  }

  private void run(long millis) {
    network.events().runFor(Duration.ofMillis(millis).toNanos());
  }

  private void ask(FlushAll order) {
    asking
        .peer(SELF)
        .call(
            order,
            Duration.ofSeconds(10).toNanos(),
            new ReplyHandler() {
              @Override
              public void reply(ByteBuf result) {
                answers.append("OK ");
              }

              @Override
              public void error(ErrorCode code, String detail) {
                answers.append(detail);
              }
            });
    run(5000);
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
    assertThat(answers).hasToString("OK ");
    assertThat(flushed(one)).isEqualTo(flushed(two)).isGreaterThan(one.clock());
  }

  @Test
  void anOriginalServerAmongThemRefusesIt() {
    table.connected(node(5), ServerInfo.UNKNOWN);
    table.attach(table.newcomers());
    ask(new FlushAll(0, 0));
    assertThat(answers).contains("not every server");
    assertThat(flushed(one)).isZero();
  }

  @Test
  void whatIsDueLaterIsDoneByATickOfTheManagerThatDirects() {
    ask(new FlushAll(nowSeconds() + 30, 0));
    assertThat(answers).hasToString("OK ");
    assertThat(state.delayedFlush().dueSeconds()).isNotZero();
    run(30_000);
    flushes.tick(false);
    run(1000);
    assertThat(flushed(one)).isZero();
    flushes.tick(true);
    run(1000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
    assertThat(state.delayedFlush().dueSeconds()).isZero();
  }

  @Test
  void oneThatCouldNotBeDoneStaysDue() {
    two.setDeaf(true);
    ask(new FlushAll(nowSeconds() + 10, 0));
    run(10_000);
    flushes.tick(true);
    run(3000);
    assertThat(flushed(one)).isZero();
    two.setDeaf(false);
    flushes.tick(true);
    run(1000);
    assertThat(flushed(one)).isNotZero();
  }
}
