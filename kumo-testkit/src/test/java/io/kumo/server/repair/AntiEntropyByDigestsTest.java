package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.StoredRecords;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Between real servers. */
class AntiEntropyByDigestsTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final int RECORDS = 5_000;

  private final MemoryCluster cluster = new MemoryCluster();
  private final HashSpace four = space(1, A, B, C, D);
  private long clockTime = 1L << 32;

  AntiEntropyByDigestsTest() {
    cluster.startServers(4);
  }

  @Test
  void whatDiffersAndNothingElseIsRecovered() {
    fill();
    for (int i = 0; i < 10; i++) {
      NodeAddress replica = four.activeReplicas(hash("key" + i)).get(i % 3);
      put(replica, "key" + i);
    }
    NodeAddress lacking = four.activeReplicas(hash("key50")).get(1);
    remove(lacking, "key50");

    cluster.tell(four, four);
    cluster.run(Duration.ofMinutes(1));

    assertReplicasAreEqual(RECORDS);
    assertThat(recovered()).isEqualTo(11);
  }

  @Test
  void ofWhatAServerIsNoReplicaOfOnlyTheNewerIsTaken() {
    fill();
    for (int i = 0; i < 20; i++) {
      leaveBehind("key" + i, i < 10);
    }

    cluster.tell(four, four);
    cluster.run(Duration.ofMinutes(1));

    assertReplicasAreEqual(RECORDS);
    assertThat(recovered()).isEqualTo(10);
  }

  @Test
  void equalServersListNoRecords() {
    fill();

    cluster.tell(four, four);
    cluster.run(Duration.ofMinutes(1));

    assertThat(recovered()).isZero();
    assertThat(cluster.servers()).allMatch(server -> server.isVerified());
  }

  /** On a server that is no replica of the key: a newer record, or the very one. */
  private void leaveBehind(String name, boolean newer) {
    List<NodeAddress> replicas = four.activeReplicas(hash(name));
    NodeAddress stranger =
        List.of(A, B, C, D).stream().filter(s -> !replicas.contains(s)).findFirst().orElseThrow();
    if (newer) {
      put(stranger, name);
    } else {
      ByteBuf value = cluster.store(replicas.get(0)).get(key(name));
      cluster.store(stranger).update(key(name), value);
      value.release();
    }
  }

  private long recovered() {
    return cluster.servers().stream()
        .mapToLong(server -> server.metrics().get(ServerMetric.RECOVERED))
        .sum();
  }

  private void assertReplicasAreEqual(int records) {
    for (int i = 0; i < records; i++) {
      ByteBuf key = key("key" + i);
      List<Long> clockTimes =
          four.activeReplicas(hash("key" + i)).stream()
              .map(server -> cluster.store(server).clockTime(key))
              .distinct()
              .toList();
      assertThat(clockTimes).hasSize(1).doesNotContain(0L);
    }
  }

  private void fill() {
    for (int i = 0; i < RECORDS; i++) {
      clockTime++;
      for (NodeAddress replica : four.activeReplicas(hash("key" + i))) {
        cluster.store(replica).update(key("key" + i), value(clockTime));
      }
    }
  }

  private void put(NodeAddress server, String name) {
    clockTime++;
    cluster.store(server).update(key(name), value(clockTime));
  }

  private void remove(NodeAddress server, String name) {
    MemoryStore store = cluster.store(server);
    assertThat(store.removeIf(key(name), store.clockTime(key(name)))).isTrue();
  }

  private static long hash(String name) {
    return KeyHash.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuf key(String name) {
    return StoredRecords.rawKey(name);
  }

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte('v');
  }
}
