package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.votes.ForceView;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.net.NetworkConditions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real managers and servers in memory: an operator says that no quorum will come back. */
class ForcedViewTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);

  private final VotedCluster cluster = new VotedCluster(2);

  private long id() {
    return cluster.newest().cluster().id();
  }

  private String force(NodeAddress manager, long cluster) {
    return this.cluster.cluster.ask(manager, new ForceView(cluster));
  }

  private void run(int seconds) {
    cluster.cluster.runMillis(1000L * seconds);
  }

  @Test
  void whatIsLeftGoesOnAsAChildAndWhoComesBackIsCompared() throws Exception {
    cluster.startAttached(3);
    long parent = id();
    cluster.kill(UPPER, B, C);
    run(30);
    assertThat(cluster.cluster.ask(LOWER, new AttachNewServers(true, false)))
        .contains("no manager directs");
    long before = cluster.cluster.nowMs();
    assertThat(force(LOWER, parent)).isEqualTo("c0");
    assertThat(cluster.cluster.nowMs() - before).as("leases are waited out").isGreaterThan(2_200);
    assertThat(cluster.newest().cluster().parent()).isEqualTo(parent);
    assertThat(id()).isNotEqualTo(parent);
    cluster.assertActive(A);
    cluster.assertAllThere();
    cluster.set("key3", "in the child");
    cluster.start(B);
    cluster.start(C);
    cluster.start(UPPER);
    run(60);
    cluster.assertActive(A, B, C);
    assertThat(cluster.newest().electorate().managers()).containsExactly(LOWER, UPPER);
    cluster.kill(A, LOWER);
    run(15);
    cluster.assertAllThere();
  }

  @Test
  void withAQuorumNothingIsForced() {
    cluster.startAttached(3);
    assertThat(force(LOWER, id())).contains("there is a quorum");
    assertThat(force(UPPER, id())).contains("there is a quorum");
  }

  @Test
  void theClusterHasToBeNamed() {
    cluster.startAttached(3);
    cluster.kill(UPPER, B, C);
    run(20);
    assertThat(force(LOWER, id() + 2)).contains("this is the cluster " + Long.toHexString(id()));
  }

  @Test
  void aManagerThatWasStartedAnewForcesWhatServersShow() throws Exception {
    cluster.startAttached(3);
    long parent = id();
    cluster.kill(LOWER, UPPER, B, C);
    run(20);
    cluster.start(LOWER);
    run(20);
    assertThat(force(LOWER, parent)).isEqualTo("c0");
    cluster.assertActive(A);
    cluster.set("key3", "in the child");
    cluster.assertAllThere();
  }

  /** Nothing passes between these and the others. */
  private record Part(List<NodeAddress> nodes) implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      boolean told = from.host().endsWith(".99") || to.host().endsWith(".99");
      return told || nodes.contains(from) == nodes.contains(to);
    }
  }

  @Test
  void aPartThatWasGivenUpThoughItLivesGoesOverWhenItMeetsTheChild() throws Exception {
    cluster.startAttached(3);
    long parent = id();
    cluster.cluster.network().setConditions(new Part(List.of(LOWER, A)));
    run(20);
    assertThat(force(LOWER, parent)).isEqualTo("c0");
    run(5);
    cluster.cluster.network().setConditions(NetworkConditions.FAIR);
    run(60);
    cluster
        .cluster
        .servers()
        .forEach(
            server ->
                assertThat(server.requireVoter().installed().cluster().parent()).isEqualTo(parent));
    cluster.assertActive(A, B, C);
    cluster.set("key3", "after all have met");
    cluster.assertAllThere();
  }
}
