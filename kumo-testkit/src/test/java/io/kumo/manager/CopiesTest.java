package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.StoredRecords;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number of copies other than three, and zones, from the first attach on. */
class CopiesTest {
  private static final HashSpaceRequest OLDER_GATEWAY = new HashSpaceRequest(0);

  private final VotedCluster voted = new VotedCluster(2);
  private final MemoryCluster cluster = voted.cluster;

  private void startManagers() {
    voted.start(LOWER);
    voted.start(UPPER);
  }

  private void startServers(String... zones) {
    for (int i = 0; i < zones.length; i++) {
      startIn(zones[i], serverAddress(i + 1));
    }
    cluster.runMillis(5000);
  }

  private void startIn(String zone, NodeAddress server) {
    cluster.startServer(
        MemoryCluster.serverConfig(server, LOWER, UPPER).withZone(zone), OldRecords.LET_GO);
  }

  private void startAttached(String... zones) {
    startManagers();
    startServers(zones);
    voted.attach();
    voted.storeKeys();
  }

  private String attach(int copies) {
    String answer = cluster.ask(LOWER, new AttachNewServers(true, false, false, copies));
    cluster.runMillis(5000);
    return answer;
  }

  private List<NodeAddress> holders(String key) {
    String raw = ByteBufUtil.hexDump(StoredRecords.rawKey(key));
    return cluster.serverAddresses().stream()
        .filter(server -> StoredRecords.in(cluster.store(server)).containsKey(raw))
        .toList();
  }

  private static long hash(String key) {
    return KeyHash.of(key.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> zonesOf(String key) {
    return voted.write().replicas(hash(key)).stream().map(Node::zone).toList();
  }

  private static List<String> keys() {
    return IntStream.range(0, VotedCluster.KEYS).mapToObj(i -> "key" + i).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void asManyServersHaveARecordAsTheFirstAttachSaid(int copies) throws Exception {
    startManagers();
    startServers("", "", "", "", "", "");
    assertThat(attach(copies)).isEqualTo("c0");
    voted.storeKeys();

    assertThat(voted.newest().layout().copies()).isEqualTo(copies);
    keys().forEach(key -> assertThat(holders(key)).hasSize(Math.min(copies, 6)));
    voted.assertAllThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aServerMoreIsGivenItsShareAndTakesItFromOthers(int copies) throws Exception {
    startManagers();
    startServers("", "", "", "", "");
    attach(copies);
    voted.storeKeys();
    voted.start(serverAddress(6));
    voted.attach();
    cluster.runMillis(60_000);

    keys().forEach(key -> assertThat(holders(key)).hasSize(copies));
    voted.assertAllThere();
  }

  @Test
  void aLostServerCostsNothingWhereThereAreTwoCopies() throws Exception {
    startManagers();
    startServers("", "", "", "");
    attach(2);
    voted.storeKeys();
    voted.kill(serverAddress(2));
    cluster.runMillis(10_000);

    voted.assertAllThere();
    voted.storeKeys();
  }

  @Test
  void whereThereIsOneCopyALostServersKeysAreBackWithIt() throws Exception {
    startManagers();
    startServers("", "", "");
    attach(1);
    voted.storeKeys();
    voted.kill(serverAddress(2));
    cluster.runMillis(10_000);
    voted.start(serverAddress(2));
    voted.attach();
    cluster.runMillis(30_000);

    voted.assertAllThere();
    voted.storeKeys();
  }

  @Test
  void howManyThereAreCannotBeChanged() {
    startManagers();
    startServers("", "", "");
    assertThat(attach(2)).isEqualTo("c0");
    assertThat(attach(3)).contains("2 copies").contains("cannot be changed");
    assertThat(attach(2)).isEqualTo("c0");
    assertThat(attach(0)).isEqualTo("c0");
    assertThat(voted.newest().layout().copies()).isEqualTo(2);
  }

  @Test
  void managersThatStartAnewLearnHowManyAndWhere() {
    startManagers();
    startServers("a", "b");
    attach(2);
    voted.kill(LOWER, UPPER);
    cluster.runMillis(1000);
    startManagers();
    cluster.runMillis(20_000);
    startIn("c", serverAddress(3));
    voted.attach();

    assertThat(voted.write().copies()).isEqualTo(2);
    assertThat(voted.write().nodes().stream().map(Node::zone)).containsExactly("a", "b", "c");
  }

  @Test
  void sixServersInThreeZonesHaveEachKeyInAllOfThem() throws Exception {
    startAttached("a", "a", "b", "b", "c", "c");

    for (String key : keys()) {
      assertThat(zonesOf(key)).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(holders(key)).hasSize(3);
    }
    voted.assertAllThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void aZoneThatIsLostLosesNoReadAndNoWrite(int first) throws Exception {
    startAttached("a", "a", "b", "b", "c", "c");
    voted.kill(serverAddress(first), serverAddress(first + 1));
    cluster.runMillis(10_000);

    voted.assertAllThere();
    voted.storeKeys();
    voted.assertAllThere();
  }

  @Test
  void aServerThatHasMovedIsTakenForWhereItIsFromTheNextAttachOn() throws Exception {
    startAttached("a", "a", "b", "b", "c", "c");
    NodeAddress moved = serverAddress(6);
    voted.kill(moved);
    cluster.runMillis(5000);
    startIn("d", moved);
    cluster.runMillis(5000);
    voted.attach();
    cluster.runMillis(60_000);

    assertThat(voted.write().find(moved).map(Node::zone)).contains("d");
    keys().forEach(key -> assertThat(zonesOf(key)).doesNotHaveDuplicates().hasSize(3));
    keys().forEach(key -> assertThat(holders(key)).hasSize(3));
    voted.assertAllThere();
  }

  @Test
  void zonesWaitForServersThatCannotReadThem() {
    startManagers();
    cluster.startMember(serverAddress(9));
    startServers("a", "b", "c");
    assertThat(attach(0)).isEqualTo("c0");
    assertThat(cluster.spaces(LOWER).write().isPlain()).isTrue();
    assertThat(cluster.spaces(LOWER).write().nodes()).hasSize(4);

    cluster.kill(serverAddress(9));
    cluster.runMillis(10_000);
    cluster.ask(LOWER, new DetachFaultServers(true));
    cluster.runMillis(5000);
    assertThat(attach(0)).isEqualTo("c0");
    assertThat(voted.write().nodes().stream().map(Node::zone)).containsExactly("a", "b", "c");
  }

  @Test
  void aServerThatCannotReadZonesIsNotTakenIn() {
    startManagers();
    startServers("a", "b", "c");
    attach(0);
    cluster.startMember(serverAddress(9));
    cluster.runMillis(5000);

    assertThat(attach(0)).contains("three copies without zones").contains("19800");
    assertThat(voted.write().find(serverAddress(9))).isEmpty();
  }

  @Test
  void aGatewayThatCannotReadCopiesIsRefused() {
    startManagers();
    startServers("", "", "");
    assertThat(cluster.ask(LOWER, OLDER_GATEWAY)).doesNotContain("upgrade");
    assertThat(attach(2)).contains("three copies").contains("gateway");
    assertThat(attach(3)).isEqualTo("c0");
  }

  @Test
  void aGatewayThatComesLaterIsRefusedToo() {
    startManagers();
    startServers("", "", "");
    assertThat(attach(2)).isEqualTo("c0");
    assertThat(cluster.ask(LOWER, OLDER_GATEWAY)).contains("upgrade");
    assertThat(cluster.ask(UPPER, OLDER_GATEWAY)).contains("upgrade");
    assertThat(cluster.ask(LOWER, HashSpaceRequest.ours())).doesNotContain("upgrade");
  }

  @Test
  void votersComeFromOtherZonesFirst() {
    startAttached("a", "a", "a", "a", "b", "b", "c");
    List<NodeAddress> voters =
        voted.newest().voters().members().stream().map(voter -> voter.address()).toList();

    for (String zone : List.of("a", "b", "c")) {
      assertThat(voted.write().nodes().stream().filter(node -> node.zone().equals(zone)))
          .extracting(Node::address)
          .containsAnyElementsOf(voters);
    }
  }
}
