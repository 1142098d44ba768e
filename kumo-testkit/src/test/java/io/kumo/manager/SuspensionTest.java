package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real managers and servers in memory: a server is out for maintenance, and comes back. */
class SuspensionTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);

  private final VotedCluster cluster = new VotedCluster(2);

  @Test
  void itIsTakenInWhenItsTimeIsOverWhoeverDirectsThen() throws Exception {
    cluster.startAttached(3);
    assertThat(ask(UPPER, new SuspendServer(C, 120))).isEqualTo("c0");
    cluster.assertActive(A, B);
    cluster.set("key1", "while it was out");
    cluster.cluster.runMillis(20_000);
    cluster.kill(C, LOWER);
    cluster.start(C);
    cluster.cluster.runMillis(80_000);
    cluster.assertActive(A, B);
    cluster.cluster.runMillis(25_000);
    cluster.assertActive(A, B, C);
    assertThat(cluster.newest().settings().orders().suspended()).isEmpty();
    cluster.kill(A, B);
    cluster.start(LOWER);
    cluster.cluster.runMillis(20_000);
    cluster.assertAllThere();
  }

  @Test
  void nothingIsMovedByOrderOrByItselfMeanwhile() {
    cluster.startAttached(3);
    assertThat(ask(LOWER, new SetAutoReplace(true))).isNotEmpty();
    assertThat(ask(LOWER, new SuspendServer(C, 600))).isEqualTo("c0");
    List<Message> orders =
        List.of(
            new AttachNewServers(true, false),
            new DetachFaultServers(true),
            new StartReplace(false),
            new ChangeMembers(List.of(C), List.of(), false));
    for (Message order : orders) {
      assertThat(ask(UPPER, order)).contains(C + " is suspended until ", ": resume first");
    }
    cluster.cluster.runMillis(120_000);
    cluster.assertActive(A, B);
    assertThat(cluster.write().find(C)).isPresent();
    assertThat(cluster.cluster.manager(LOWER).control().rebalance().director().phase().isRunning())
        .isFalse();

    assertThat(ask(LOWER, new SuspendServer(C, 0))).isEqualTo("c0");
    cluster.assertActive(A, B, C);
  }

  @Test
  void oneThatIsNotThereWhenItIsResumedReturnsAsAfterACrash() throws Exception {
    cluster.startAttached(3);
    assertThat(ask(LOWER, new SuspendServer(C, 600))).isEqualTo("c0");
    cluster.kill(C);
    cluster.cluster.runMillis(5_000);
    assertThat(ask(LOWER, new SuspendServer(C, 0))).isEqualTo("c0");
    cluster.assertActive(A, B);
    cluster.start(C);
    cluster.cluster.runMillis(40_000);
    cluster.assertActive(A, B, C);
    cluster.assertAllThere();
  }

  @Test
  void whatIsNeededOrGoneIsNotSuspended() {
    cluster.startAttached(2);
    assertThat(ask(LOWER, new SuspendServer(C, 60))).contains(C + " is not attached");
    assertThat(ask(LOWER, new SuspendServer(A, 0))).contains(A + " is not suspended");
    assertThat(ask(LOWER, new SuspendServer(A, 60))).isEqualTo("c0");
    assertThat(ask(LOWER, new SuspendServer(A, 600))).isEqualTo("c0");
    assertThat(ask(LOWER, new SuspendServer(B, 60))).contains("some records could not be had");
    cluster.cluster.runMillis(90_000);
    cluster.assertActive(B);
    assertThat(cluster.newest().settings().orders().isSuspended(A)).isTrue();
  }

  private String ask(NodeAddress manager, Message order) {
    return cluster.cluster.ask(manager, order);
  }
}
