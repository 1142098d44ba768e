package io.kumo.it.rebalance;

import static io.kumo.it.rebalance.MovingCluster.records;
import static io.kumo.it.rebalance.MovingCluster.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.net.NetworkConditions;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RebalanceTest {
  private static final int KEYS = 300;

  private final MovingCluster cluster = new MovingCluster();
  private final List<String> keys = new ArrayList<>();

  private void startFilled(int servers) {
    startFilled(servers, KEYS);
  }

  private void startFilled(int servers, int count) {
    cluster.startServers(1, servers);
    cluster.run(5000);
    cluster.attach();
    cluster.settle();
    for (int i = 0; i < count; i++) {
      keys.add("key" + i);
      cluster.set("key" + i, "value" + i);
    }
  }

  @Test
  void aNewServerGetsItsShareAndTheOthersKeepNoMore() {
    startFilled(3);
    cluster.delete("key7");
    cluster.startServer(4);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    assertThat(cluster.spaces().read().nodes()).hasSize(4);
    cluster.assertPlaced(keys);
    assertThat(cluster.store(4).liveCount()).isBetween(KEYS / 2L, KEYS - 10L);
  }

  @Test
  void aServerThatReturnsHasEveryOverwriteAndDeleteBeforeReadsNameIt() {
    startFilled(3);
    cluster.kill(2);
    cluster.run(8000);
    for (int i = 0; i < KEYS; i += 3) {
      cluster.set("key" + i, "later" + i);
    }
    for (int i = 1; i < KEYS; i += 3) {
      cluster.delete("key" + i);
    }
    cluster.startServer(2);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    Map<String, String> returned = records(cluster.store(2));
    assertThat(returned).isEqualTo(records(cluster.store(1)));
    assertThat(cluster.store(2).tombstoneCount()).isEqualTo(KEYS / 3);
    cluster.assertPlaced(keys);
  }

  @Test
  void aServerThatReturnsIsSentOnlyWhatChanged() {
    startFilled(3, 2000);
    cluster.kill(2);
    cluster.run(8000);
    for (int i = 0; i < 3; i++) {
      cluster.set("key" + 400 * i, "later");
    }
    cluster.delete("key100");
    cluster.delete("key900");
    cluster.startServer(2);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    assertThat(cluster.count(ServerMetric.COPIED)).isEqualTo(5);
    assertThat(cluster.count(ServerMetric.COPY_SPARED)).isEqualTo(1995);
    assertThat(records(cluster.store(2))).isEqualTo(records(cluster.store(1)));
    assertThat(cluster.store(2).tombstoneCount()).isEqualTo(2);
  }

  @Test
  void aThrottledCopyTakesAsLongAsItsBytesAreWorth() {
    cluster.rebalance = new ServerConfig.Rebalance(0, 10_000);
    startFilled(3);
    String value = "x".repeat(1000);
    keys.forEach(key -> cluster.set(key, value));
    cluster.kill(3);
    cluster.run(8000);
    cluster.stores.put(server(3), new MemoryStore());
    cluster.startServer(3);
    cluster.run(3000);
    cluster.attach();
    long startMs = cluster.nowMs();
    cluster.settle();
    // Two servers share 300 records of a little more than 1000 bytes; the last batch is not waited
    // for.
    long seconds = (cluster.nowMs() - startMs) / 1000;
    assertThat(cluster.count(ServerMetric.COPIED)).isEqualTo(KEYS);
    assertThat(seconds).isBetween(5L, 60L);
    cluster.assertPlaced(keys);
  }

  @Test
  void aServerThatWasReplacedByAnEmptyOneIsFilledAgain() {
    startFilled(3);
    cluster.kill(3);
    cluster.run(8000);
    cluster.stores.put(server(3), new MemoryStore());
    cluster.startServer(3);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    assertThat(cluster.count(ServerMetric.COPIED)).isEqualTo(KEYS);
    assertThat(cluster.count(ServerMetric.COPY_SPARED)).isZero();
    cluster.assertPlaced(keys);
  }

  @Test
  void aFullReplaceOfEqualReplicasSendsNothing() {
    startFilled(3);
    cluster.delete("key8");
    cluster.fullReplace();
    cluster.settle();
    assertThat(cluster.count(ServerMetric.COPIED)).isZero();
    assertThat(cluster.count(ServerMetric.COPY_SPARED)).isEqualTo(3 * 2 * KEYS);
    cluster.assertPlaced(keys);
  }

  @Test
  void aFullReplaceMakesValuesOfOneClockTimeEqual() {
    startFilled(3);
    ByteBuf key = MovingCluster.rawKey("key5");
    ByteBuf value = Objects.requireNonNull(cluster.store(1).get(key));
    value.setByte(value.writerIndex() - 1, 'z');
    assertThat(cluster.store(2).update(key, value).stored()).isTrue();
    cluster.fullReplace();
    cluster.settle();
    assertThat(cluster.count(ServerMetric.COPIED)).isPositive();
    String hex = ByteBufUtil.hexDump(key);
    assertThat(records(cluster.store(1))).containsEntry(hex, ByteBufUtil.hexDump(value));
    cluster.assertPlaced(keys);
    value.release();
  }

  @Test
  void detachRestoresThreeCopies() {
    startFilled(5);
    cluster.kill(4);
    cluster.run(8000);
    cluster.detach();
    cluster.settle();
    assertThat(cluster.spaces().write().nodes()).hasSize(4);
    cluster.assertPlaced(keys);
  }

  @Test
  void aReceiverThatDiesInTheMiddleDoesNotKeepTheReplaceOpen() {
    startFilled(3);
    cluster.startServers(4, 5);
    cluster.run(3000);
    slowNetwork();
    cluster.attach();
    cluster.run(60);
    cluster.kill(5);
    cluster.settle();
    assertThat(cluster.spaces().rebalancing()).isFalse();
    assertThat(cluster.spaces().write().isActive(server(5))).isFalse();
    cluster.assertPlaced(keys);
  }

  @Test
  void anOwnerThatDiesWhileItCopiesIsReplacedByTheNext() {
    for (int delayMs = 5; delayMs <= 200; delayMs *= 2) {
      RebalanceTest other = new RebalanceTest();
      other.startFilled(3);
      other.cluster.startServer(4);
      other.cluster.run(3000);
      other.slowNetwork();
      other.cluster.attach();
      other.cluster.run(delayMs);
      other.cluster.kill(1);
      other.cluster.settle();
      assertThat(other.cluster.spaces().rebalancing()).isFalse();
      other.cluster.assertPlaced(other.keys);
    }
  }

  @Test
  void whatIsWrittenDuringTheCopyIsOnTheNewServerToo() {
    startFilled(3);
    cluster.startServer(4);
    cluster.run(3000);
    slowNetwork();
    cluster.attach();
    for (int i = 0; i < KEYS; i += 10) {
      cluster.set("key" + i, "meanwhile" + i);
    }
    cluster.settle();
    cluster.assertPlaced(keys);
  }

  @Test
  void aFullReplaceMakesReplicasEqualThatHaveDrifted() {
    startFilled(3);
    ByteBuf key = MovingCluster.rawKey("key5");
    ByteBuf old = cluster.store(1).get(key);
    assertThat(old).isNotNull();
    cluster.store(2).removeIf(key, old.getLong(0));
    old.release();
    cluster.fullReplace();
    cluster.settle();
    cluster.assertPlaced(keys);
  }

  @Test
  void noRecordIsDroppedThatItsOwnersLack() {
    startFilled(3);
    cluster.startServer(4);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    String lost = keys.stream().filter(k -> !owners(k).contains(server(1))).findFirst().get();
    ByteBuf raw = MovingCluster.rawKey(lost);
    ByteBuf value = cluster.store(4).get(raw);
    assertThat(value).isNotNull();
    for (NodeAddress owner : owners(lost)) {
      cluster.stores.get(owner).removeIf(raw, value.getLong(0));
    }
    cluster.store(1).update(raw, value);
    cluster.startServer(5);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    String hex = ByteBufUtil.hexDump(raw);
    for (NodeAddress owner : owners(lost)) {
      assertThat(records(cluster.stores.get(owner))).containsEntry(hex, ByteBufUtil.hexDump(value));
    }
    cluster.assertPlaced(keys);
    value.release();
  }

  @Test
  void aNonOwnedRecordStaysWhileItsOwnersCannotBeAsked() {
    startFilled(4);
    String key = keys.stream().filter(k -> !owners(k).contains(server(1))).findFirst().get();
    ByteBuf raw = MovingCluster.rawKey(key);
    ByteBuf value = Unpooled.buffer().writeLong(5).writeShort(0).writeByte('x');
    cluster.store(1).update(raw, value);
    cutOff(owners(key).get(0));
    cluster.fullReplace();
    cluster.run(4000);
    assertThat(records(cluster.store(1))).containsKey(ByteBufUtil.hexDump(raw));
    cluster.network.setConditions(NetworkConditions.FAIR);
    cluster.run(30_000);
    cluster.settle();
    assertThat(cluster.spaces().rebalancing()).isFalse();
  }

  @Test
  void tombstonesAreDroppedWhenAllServersAreInStepAndOnlyThen() {
    cluster.garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    cluster.delete("key1");
    cluster.run(40_000);
    assertThat(cluster.store(1).tombstoneCount()).isOne();
    cluster.run(60_000);
    assertThat(cluster.store(1).tombstoneCount()).isZero();
    cluster.delete("key2");
    cluster.kill(3);
    cluster.run(200_000);
    assertThat(cluster.store(1).tombstoneCount()).isOne();
  }

  @Test
  void aServerThatWasAwayForLongerThanTombstonesLiveIsEmptiedFirst() {
    cluster.garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    cluster.run(30_000);
    cluster.kill(4);
    cluster.run(8000);
    cluster.detach();
    cluster.settle();
    for (int i = 0; i < KEYS; i += 2) {
      cluster.delete("key" + i);
    }
    cluster.run(200_000);
    assertThat(cluster.store(1).tombstoneCount()).isZero();
    Map<String, String> before = records(cluster.store(4));
    cluster.startServer(4);
    cluster.run(5000);
    cluster.attach();
    cluster.settle();
    assertThat(before).isNotEmpty();
    assertThat(cluster.oldRecords).containsOnlyKeys(server(4)).containsValue(before);
    for (int i = 0; i < KEYS; i += 2) {
      String hex = ByteBufUtil.hexDump(MovingCluster.rawKey("key" + i));
      for (int server = 1; server <= 4; server++) {
        assertThat(records(cluster.store(server))).doesNotContainKey(hex);
      }
      keys.remove("key" + i);
    }
    cluster.assertPlaced(keys);
  }

  @Test
  void aServerThatCrashesWhenItHasJustBeenFilledIsCompared() {
    cluster.garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    cluster.delete("key1");
    cluster.run(120_000);
    assertThat(cluster.store(1).tombstoneCount()).isZero();
    cluster.startServer(4);
    cluster.run(3000);
    cluster.attach();
    cluster.settle();
    crashAndReturn(4);
    assertThat(cluster.oldRecords).isEmpty();
  }

  @Test
  void aServerThatCrashesWhenItHasJustReturnedIsCompared() {
    cluster.garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    cluster.delete("key1");
    cluster.run(120_000);
    cluster.kill(4);
    cluster.run(45_000);
    cluster.startServer(4);
    cluster.run(5000);
    cluster.attach();
    cluster.settle();
    cluster.delete("key2");
    cluster.run(4500);
    crashAndReturn(4);
    assertThat(cluster.oldRecords).isEmpty();
  }

  private void crashAndReturn(int number) {
    cluster.kill(number);
    cluster.run(8000);
    cluster.startServer(number);
    cluster.run(5000);
    cluster.attach();
    cluster.settle();
    keys.removeAll(List.of("key1", "key2"));
    cluster.assertPlaced(keys);
  }

  private List<NodeAddress> owners(String key) {
    return cluster.spaces().write().activeReplicas(MovingCluster.rawKey(key).getLong(0));
  }

  /** Every piece of traffic takes twenty milliseconds. */
  private void slowNetwork() {
    cluster.network.setConditions(conditions(20_000_000, null));
  }

  /** Nothing passes between the servers and this one; the manager still hears it. */
  private void cutOff(NodeAddress server) {
    cluster.network.setConditions(conditions(100_000, server));
  }

  private static NetworkConditions conditions(long delayNs, @Nullable NodeAddress cutOff) {
    return new NetworkConditions() {
      @Override
      public long delayNs(NodeAddress from, NodeAddress to) {
        return delayNs;
      }

      @Override
      public boolean passes(NodeAddress from, NodeAddress to) {
        boolean manager = from.equals(MovingCluster.MANAGER) || to.equals(MovingCluster.MANAGER);
        return manager || !(from.equals(cutOff) || to.equals(cutOff));
      }
    };
  }
}
