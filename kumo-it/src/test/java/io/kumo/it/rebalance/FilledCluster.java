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
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A manager and servers in memory, filled with records. */
abstract class FilledCluster {
  static final int KEYS = 300;

  final MemoryCluster cluster = new MemoryCluster();
  final Kumoctl kumoctl = new Kumoctl(cluster, LOWER);
  final RecordClient client = new RecordClient(cluster);
  final List<String> keys = new ArrayList<>();

  /** What servers were told to keep aside, which takes them five seconds. */
  final Map<NodeAddress, Map<String, String>> oldRecords = new TreeMap<>();

  ServerConfig.Rebalance rebalance = ServerConfig.Rebalance.DEFAULT;
  ServerConfig.Garbage garbage = ServerConfig.Garbage.DEFAULT;

  FilledCluster() {
    cluster.startManager(LOWER, null);
  }

  void startServer(int number) {
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

  void startServers(int from, int to) {
    for (int number = from; number <= to; number++) {
      startServer(number);
    }
  }

  void kill(int number) {
    cluster.kill(serverAddress(number));
  }

  HashSpaces spaces() {
    return cluster.spaces(LOWER);
  }

  MemoryStore store(int number) {
    return cluster.store(serverAddress(number));
  }

  /** Of all servers that run. */
  long count(ServerMetric metric) {
    return cluster.servers().stream().mapToLong(node -> node.metrics().get(metric)).sum();
  }

  /** Every key is on its active replicas, the same everywhere, and nowhere else that is alive. */
  void assertPlaced(Iterable<String> placed) {
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

  void startFilled(int servers) {
    startFilled(servers, KEYS);
  }

  void startFilled(int servers, int count) {
    startServers(1, servers);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    for (int i = 0; i < count; i++) {
      keys.add("key" + i);
      client.set("key" + i, "value" + i);
    }
  }

  List<NodeAddress> owners(String key) {
    return spaces().write().activeReplicas(rawKey(key).getLong(0));
  }
}
