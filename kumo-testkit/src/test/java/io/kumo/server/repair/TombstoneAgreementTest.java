package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.AgreeTombstoneGc;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Three servers that keep tombstones for a minute, and no manager that would notice anything. */
class TombstoneAgreementTest {
  private static final List<NodeAddress> SERVERS =
      List.of(serverAddress(1), serverAddress(2), serverAddress(3));
  private static final String KEY = "key";
  private static final Duration KEEP = Duration.ofMinutes(1);

  private final MemoryCluster cluster = new MemoryCluster();
  private final RecordClient client = new RecordClient(cluster);
  private final HashSpace three = space(1, SERVERS.toArray(NodeAddress[]::new));
  private final NodeAddress coordinator = coordinator(three, KEY);

  TombstoneAgreementTest() {
    for (NodeAddress server : SERVERS) {
      ServerConfig config = MemoryCluster.serverConfig(server);
      cluster.startServer(config.withGarbage(new ServerConfig.Garbage(KEEP)), OldRecords.LET_GO);
      cluster.host(server).setSkewMillis(Duration.ofDays(1).toMillis());
    }
    tell(three);
    cluster.run(Duration.ofSeconds(5));
  }

  /** Every server has removed by it what it does not own. */
  private void tell(HashSpace write) {
    List<NodeExtras> nodes = SERVERS.stream().map(this::extras).toList();
    PublishedSpaces view =
        new PublishedSpaces(
            new HashSpaces(write, write), new ClusterExtras(nodes, 0, write.clockTime()));
    cluster.servers().forEach(server -> server.spaces().offer(view));
  }

  private NodeExtras extras(NodeAddress server) {
    Identity identity = Objects.requireNonNull(cluster.server(server).endpoint().identity());
    return new NodeExtras(server, identity.capabilities(), identity.incarnation());
  }

  private long tombstones() {
    return SERVERS.stream().mapToLong(server -> cluster.store(server).tombstoneCount()).sum();
  }

  private void delete() throws Exception {
    client.mutate(coordinator, Operation.SET, KEY, "value");
    client.mutate(coordinator, Operation.DELETE, KEY, "");
    assertThat(tombstones()).isEqualTo(3);
  }

  @Test
  void whatAllReplicasHaveGoesWhenItIsOldEnough() throws Exception {
    delete();
    cluster.run(KEEP.dividedBy(2));
    assertThat(tombstones()).isEqualTo(3);
    cluster.run(KEEP);
    assertThat(tombstones()).isZero();
  }

  @Test
  void nothingGoesWhileAServerIsSilentHoweverOldItIs() throws Exception {
    delete();
    cluster.host(coordinator).pause();
    cluster.run(KEEP.multipliedBy(3));
    assertThat(tombstones()).isEqualTo(3);
    cluster.host(coordinator).resume();
    cluster.run(KEEP);
    assertThat(tombstones()).isZero();
  }

  /**
   * Its coordinator stores a tombstone last, and hung before: who drops it by its age has the
   * record back.
   */
  @Test
  void aDeleteThatItsCoordinatorCouldNotEndIsNotUndone() throws Exception {
    client.mutate(coordinator, Operation.SET, KEY, "value");
    NodeAddress other =
        three.activeReplicas(rawKey(KEY).getLong(0)).stream()
            .filter(replica -> !replica.equals(coordinator))
            .findFirst()
            .orElseThrow();
    cluster.host(other).pause();
    CallResult cut = cluster.send(coordinator, RecordClient.mutation(Operation.DELETE, KEY, ""));
    cluster.run(Duration.ofMillis(100));
    assertThat(cut.isDone()).isFalse();
    cluster.host(coordinator).pause();
    cluster.host(other).resume();
    cluster.run(KEEP.multipliedBy(3));
    assertThat(cluster.store(coordinator).clockTime(rawKey(KEY))).isNotZero();
    assertThat(tombstones()).isPositive();

    cluster.host(coordinator).resume();
    cluster.run(Duration.ofSeconds(20));
    assertThat(client.get(coordinator, KEY)).isNull();
    cluster.run(KEEP.multipliedBy(2));
    assertThat(tombstones()).isZero();
    assertThat(client.get(coordinator, KEY)).isNull();
  }

  @Test
  void aServerAgreesByItsOwnViewOnlyAndOnNothingThatMayBeUnderWay() {
    long nowSeconds = cluster.host(coordinator).time().unixMillis() / 1000;
    assertThat(agreesOn(three.clockTime(), nowSeconds - 20)).isEqualTo("c3");
    assertThat(agreesOn(three.clockTime() + 1, nowSeconds - 20)).isEqualTo("c2");
    assertThat(agreesOn(three.clockTime(), nowSeconds - 5)).isEqualTo("c2");
  }

  @Test
  void whoHasReplicasToMakeEqualAgreesOnNothing() throws Exception {
    delete();
    NodeAddress restarted = SERVERS.get(0);
    cluster.kill(restarted);
    cluster.startServer(restarted);
    cluster.run(KEEP.multipliedBy(2));
    assertThat(cluster.server(restarted).isVerified()).isFalse();
    assertThat(tombstones()).isEqualTo(3);
    assertThat(cluster.server(SERVERS.get(1)).metrics().get(ServerMetric.TOMBSTONE_GC_REFUSED))
        .isPositive();
  }

  private String agreesOn(long whsClockTime, long seconds) {
    NodeAddress asking = SERVERS.get(coordinator.equals(SERVERS.get(0)) ? 1 : 0);
    CallResult answer = new CallResult();
    cluster
        .server(asking)
        .endpoint()
        .peer(coordinator)
        .call(
            new AgreeTombstoneGc(whsClockTime, ClockTime.of(seconds, 0)),
            Duration.ofSeconds(1).toNanos(),
            answer);
    cluster.run(Duration.ofMillis(100));
    return answer.toString();
  }
}
