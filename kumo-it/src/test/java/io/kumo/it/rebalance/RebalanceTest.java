package io.kumo.it.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.StoredRecords;
import io.kumo.testkit.net.NetworkConditions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebalanceTest extends FilledCluster {
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
