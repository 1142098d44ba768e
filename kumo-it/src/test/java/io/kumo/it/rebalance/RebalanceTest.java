package io.kumo.it.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.Kumoctl;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.StoredRecords;
import io.kumo.testkit.net.NetworkConditions;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebalanceTest {
  private static final int KEYS = 300;

  private final MemoryCluster cluster = new MemoryCluster();
  private final Kumoctl kumoctl = new Kumoctl(cluster, LOWER);
  private final RecordClient client = new RecordClient(cluster);
  private final List<String> keys = new ArrayList<>();

  /** What servers were told to keep aside, which takes them five seconds. */
  private final Map<NodeAddress, Map<String, String>> oldRecords = new TreeMap<>();

  private ServerConfig.Rebalance rebalance = ServerConfig.Rebalance.DEFAULT;
  private ServerConfig.Garbage garbage = ServerConfig.Garbage.DEFAULT;

  RebalanceTest() {
    cluster.startManager(LOWER, null);
  }

  private void startServer(int number) {
    NodeAddress address = serverAddress(number);
    ServerConfig config =
        MemoryCluster.serverConfig(address, LOWER).withGarbage(garbage).withRebalance(rebalance);
    cluster.startServer(
        config,
        kept -> {
          oldRecords.put(address, StoredRecords.in(cluster.store(address)));
          cluster.host(address).schedule(Duration.ofSeconds(5).toNanos(), kept);
        });
  }

  private void startServers(int from, int to) {
    for (int number = from; number <= to; number++) {
      startServer(number);
    }
  }

  private void kill(int number) {
    cluster.kill(serverAddress(number));
  }

  private HashSpaces spaces() {
    return cluster.spaces(LOWER);
  }

  private MemoryStore store(int number) {
    return cluster.store(serverAddress(number));
  }

  /** Of all servers that run. */
  private long count(ServerMetric metric) {
    return cluster.servers().stream().mapToLong(node -> node.metrics().get(metric)).sum();
  }

  /** Every key is on its active replicas, the same everywhere, and nowhere else that is alive. */
  private void assertPlaced(Iterable<String> placed) {
    Map<NodeAddress, Map<String, String>> records = new TreeMap<>();
    for (NodeAddress server : cluster.serverAddresses()) {
      records.put(server, StoredRecords.in(cluster.store(server)));
    }
    for (String key : placed) {
      String hex = ByteBufUtil.hexDump(rawKey(key));
      Set<String> values = new HashSet<>();
      records.forEach(
          (server, found) -> {
            assertThat(found.containsKey(hex))
                .as(key + " on " + server)
                .isEqualTo(owners(key).contains(server));
            values.add(found.getOrDefault(hex, ""));
          });
      values.remove("");
      assertThat(values).as(key).hasSize(1);
    }
  }

  private void startFilled(int servers) {
    startFilled(servers, KEYS);
  }

  private void startFilled(int servers, int count) {
    startServers(1, servers);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    for (int i = 0; i < count; i++) {
      keys.add("key" + i);
      client.set("key" + i, "value" + i);
    }
  }

  @Test
  void aNewServerGetsItsShareAndTheOthersKeepNoMore() {
    startFilled(3);
    client.delete("key7");
    startServer(4);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(spaces().read().nodes()).hasSize(4);
    assertPlaced(keys);
    assertThat(store(4).liveCount()).isBetween(KEYS / 2L, KEYS - 10L);
  }

  @Test
  void aServerThatReturnsHasEveryOverwriteAndDeleteBeforeReadsNameIt() {
    startFilled(3);
    kill(2);
    cluster.runMillis(8000);
    for (int i = 0; i < KEYS; i += 3) {
      client.set("key" + i, "later" + i);
    }
    for (int i = 1; i < KEYS; i += 3) {
      client.delete("key" + i);
    }
    startServer(2);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    Map<String, String> returned = StoredRecords.in(store(2));
    assertThat(returned).isEqualTo(StoredRecords.in(store(1)));
    assertThat(store(2).tombstoneCount()).isEqualTo(KEYS / 3);
    assertPlaced(keys);
  }

  @Test
  void aServerThatReturnsIsSentOnlyWhatChanged() {
    startFilled(3, 2000);
    kill(2);
    cluster.runMillis(8000);
    for (int i = 0; i < 3; i++) {
      client.set("key" + 400 * i, "later");
    }
    client.delete("key100");
    client.delete("key900");
    startServer(2);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isEqualTo(5);
    assertThat(count(ServerMetric.COPY_SPARED)).isEqualTo(1995);
    assertThat(StoredRecords.in(store(2))).isEqualTo(StoredRecords.in(store(1)));
    assertThat(store(2).tombstoneCount()).isEqualTo(2);
  }

  @Test
  void aThrottledCopyTakesAsLongAsItsBytesAreWorth() {
    rebalance = new ServerConfig.Rebalance(0, 10_000);
    startFilled(3);
    String value = "x".repeat(1000);
    keys.forEach(key -> client.set(key, value));
    kill(3);
    cluster.runMillis(8000);
    cluster.dropStore(serverAddress(3));
    startServer(3);
    cluster.runMillis(3000);
    kumoctl.attach();
    long startMs = cluster.nowMs();
    kumoctl.settle();
    // Two servers share 300 records of a little more than 1000 bytes; the last batch is not waited
    // for.
    long seconds = (cluster.nowMs() - startMs) / 1000;
    assertThat(count(ServerMetric.COPIED)).isEqualTo(KEYS);
    assertThat(seconds).isBetween(5L, 60L);
    assertPlaced(keys);
  }

  @Test
  void aServerThatWasReplacedByAnEmptyOneIsFilledAgain() {
    startFilled(3);
    kill(3);
    cluster.runMillis(8000);
    cluster.dropStore(serverAddress(3));
    startServer(3);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isEqualTo(KEYS);
    assertThat(count(ServerMetric.COPY_SPARED)).isZero();
    assertPlaced(keys);
  }

  @Test
  void aFullReplaceOfEqualReplicasSendsNothing() {
    startFilled(3);
    client.delete("key8");
    kumoctl.fullReplace();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isZero();
    assertThat(count(ServerMetric.COPY_SPARED)).isEqualTo(3 * 2 * KEYS);
    assertPlaced(keys);
  }

  @Test
  void aFullReplaceMakesValuesOfOneClockTimeEqual() {
    startFilled(3);
    ByteBuf key = rawKey("key5");
    ByteBuf value = Objects.requireNonNull(store(1).get(key));
    value.setByte(value.writerIndex() - 1, 'z');
    assertThat(store(2).update(key, value).stored()).isTrue();
    kumoctl.fullReplace();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isPositive();
    String hex = ByteBufUtil.hexDump(key);
    assertThat(StoredRecords.in(store(1))).containsEntry(hex, ByteBufUtil.hexDump(value));
    assertPlaced(keys);
    value.release();
  }

  @Test
  void detachRestoresThreeCopies() {
    startFilled(5);
    kill(4);
    cluster.runMillis(8000);
    kumoctl.detach();
    kumoctl.settle();
    assertThat(spaces().write().nodes()).hasSize(4);
    assertPlaced(keys);
  }

  @Test
  void aReceiverThatDiesInTheMiddleDoesNotKeepTheReplaceOpen() {
    startFilled(3);
    startServers(4, 5);
    cluster.runMillis(3000);
    slowNetwork();
    kumoctl.attach();
    cluster.runMillis(60);
    kill(5);
    kumoctl.settle();
    assertThat(spaces().rebalancing()).isFalse();
    assertThat(spaces().write().isActive(serverAddress(5))).isFalse();
    assertPlaced(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 20, 40, 80, 160})
  void anOwnerThatDiesWhileItCopiesIsReplacedByTheNext(int delayMs) {
    startFilled(3);
    startServer(4);
    cluster.runMillis(3000);
    slowNetwork();
    kumoctl.attach();
    cluster.runMillis(delayMs);
    kill(1);
    kumoctl.settle();
    assertThat(spaces().rebalancing()).isFalse();
    assertPlaced(keys);
  }

  @Test
  void whatIsWrittenDuringTheCopyIsOnTheNewServerToo() {
    startFilled(3);
    startServer(4);
    cluster.runMillis(3000);
    slowNetwork();
    kumoctl.attach();
    for (int i = 0; i < KEYS; i += 10) {
      client.set("key" + i, "meanwhile" + i);
    }
    kumoctl.settle();
    assertPlaced(keys);
  }

  @Test
  void aFullReplaceMakesReplicasEqualThatHaveDrifted() {
    startFilled(3);
    ByteBuf key = rawKey("key5");
    ByteBuf old = store(1).get(key);
    assertThat(old).isNotNull();
    store(2).removeIf(key, old.getLong(0));
    old.release();
    kumoctl.fullReplace();
    kumoctl.settle();
    assertPlaced(keys);
  }

  @Test
  void noRecordIsDroppedThatItsOwnersLack() {
    startFilled(3);
    startServer(4);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    String lost =
        keys.stream().filter(k -> !owners(k).contains(serverAddress(1))).findFirst().get();
    ByteBuf raw = rawKey(lost);
    ByteBuf value = store(4).get(raw);
    assertThat(value).isNotNull();
    for (NodeAddress owner : owners(lost)) {
      cluster.store(owner).removeIf(raw, value.getLong(0));
    }
    store(1).update(raw, value);
    startServer(5);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    String hex = ByteBufUtil.hexDump(raw);
    for (NodeAddress owner : owners(lost)) {
      assertThat(StoredRecords.in(cluster.store(owner)))
          .containsEntry(hex, ByteBufUtil.hexDump(value));
    }
    assertPlaced(keys);
    value.release();
  }

  @Test
  void aNonOwnedRecordStaysWhileItsOwnersCannotBeAsked() {
    startFilled(4);
    String key = keys.stream().filter(k -> !owners(k).contains(serverAddress(1))).findFirst().get();
    ByteBuf raw = rawKey(key);
    ByteBuf value = Unpooled.buffer().writeLong(5).writeShort(0).writeByte('x');
    store(1).update(raw, value);
    cutOff(owners(key).get(0));
    kumoctl.fullReplace();
    cluster.runMillis(4000);
    assertThat(StoredRecords.in(store(1))).containsKey(ByteBufUtil.hexDump(raw));
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(30_000);
    kumoctl.settle();
    assertThat(spaces().rebalancing()).isFalse();
  }

  @Test
  void tombstonesAreDroppedWhenAllServersAreInStepAndOnlyThen() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    client.delete("key1");
    cluster.runMillis(40_000);
    assertThat(store(1).tombstoneCount()).isOne();
    cluster.runMillis(60_000);
    assertThat(store(1).tombstoneCount()).isZero();
    client.delete("key2");
    kill(3);
    cluster.runMillis(200_000);
    assertThat(store(1).tombstoneCount()).isOne();
  }

  @Test
  void aServerThatWasAwayForLongerThanTombstonesLiveIsEmptiedFirst() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    cluster.runMillis(30_000);
    kill(4);
    cluster.runMillis(8000);
    kumoctl.detach();
    kumoctl.settle();
    for (int i = 0; i < KEYS; i += 2) {
      client.delete("key" + i);
    }
    cluster.runMillis(200_000);
    assertThat(store(1).tombstoneCount()).isZero();
    Map<String, String> before = StoredRecords.in(store(4));
    startServer(4);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(before).isNotEmpty();
    assertThat(oldRecords).containsOnlyKeys(serverAddress(4)).containsValue(before);
    for (int i = 0; i < KEYS; i += 2) {
      String hex = ByteBufUtil.hexDump(rawKey("key" + i));
      for (int server = 1; server <= 4; server++) {
        assertThat(StoredRecords.in(store(server))).doesNotContainKey(hex);
      }
      keys.remove("key" + i);
    }
    assertPlaced(keys);
  }

  @Test
  void aServerThatCrashesWhenItHasJustBeenFilledIsCompared() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    client.delete("key1");
    cluster.runMillis(120_000);
    assertThat(store(1).tombstoneCount()).isZero();
    startServer(4);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    crashAndReturn(4);
    assertThat(oldRecords).isEmpty();
  }

  @Test
  void aServerThatCrashesWhenItHasJustReturnedIsCompared() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    client.delete("key1");
    cluster.runMillis(120_000);
    kill(4);
    cluster.runMillis(45_000);
    startServer(4);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    client.delete("key2");
    cluster.runMillis(4500);
    crashAndReturn(4);
    assertThat(oldRecords).isEmpty();
  }

  private void crashAndReturn(int number) {
    kill(number);
    cluster.runMillis(8000);
    startServer(number);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    keys.removeAll(List.of("key1", "key2"));
    assertPlaced(keys);
  }

  private List<NodeAddress> owners(String key) {
    return spaces().write().activeReplicas(rawKey(key).getLong(0));
  }

  /** Every piece of traffic takes twenty milliseconds. */
  private void slowNetwork() {
    cluster.network().setConditions(conditions(20_000_000, null));
  }

  /** Nothing passes between the servers and this one; the manager still hears it. */
  private void cutOff(NodeAddress server) {
    cluster.network().setConditions(conditions(100_000, server));
  }

  private static NetworkConditions conditions(long delayNs, @Nullable NodeAddress cutOff) {
    return new NetworkConditions() {
      @Override
      public long delayNs(NodeAddress from, NodeAddress to) {
        return delayNs;
      }

      @Override
      public boolean passes(NodeAddress from, NodeAddress to) {
        boolean manager = from.equals(LOWER) || to.equals(LOWER);
        return manager || !(from.equals(cutOff) || to.equals(cutOff));
      }
    };
  }
}
