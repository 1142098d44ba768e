package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.Rings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Managers and servers with records that decide by votes, and what clients stored there. */
final class VotedCluster {
  static final int KEYS = 30;
  private static final int ATTEMPTS = 100;

  final MemoryCluster cluster = new MemoryCluster().keepVotes();
  private static final NodeAddress[] PAIR = {LOWER, UPPER};

  private final int managers;
  private final RecordClient client = new RecordClient(cluster);
  private final Map<String, String> stored = new TreeMap<>();

  VotedCluster(int managers) {
    this.managers = managers;
  }

  /** Starts a server, or one of the two managers. */
  void start(NodeAddress node) {
    if (node.equals(LOWER)) {
      cluster.startManager(LOWER, managers == 1 ? null : UPPER);
    } else if (node.equals(UPPER)) {
      cluster.startManager(UPPER, LOWER);
    } else {
      cluster.startServer(node, managers == 1 ? new NodeAddress[] {LOWER} : PAIR);
    }
  }

  void kill(NodeAddress... nodes) {
    List.of(nodes).forEach(cluster::kill);
  }

  void startAttached(int servers) {
    start(LOWER);
    if (managers == 2) {
      start(UPPER);
    }
    for (int number = 1; number <= servers; number++) {
      start(serverAddress(number));
    }
    cluster.runMillis(5000);
    attach();
    storeKeys();
  }

  void storeKeys() {
    for (int i = 0; i < KEYS; i++) {
      set("key" + i, "first");
    }
  }

  void attach() {
    cluster.runMillis(3000);
    String answer = "";
    for (int i = 0; i < ATTEMPTS && !answer.equals("c0"); i++) {
      NodeAddress manager = cluster.host(LOWER).isAlive() ? LOWER : UPPER;
      answer = cluster.ask(manager, new AttachNewServers(true, false));
      cluster.runMillis(500);
    }
    assertThat(answer).isEqualTo("c0");
    cluster.runMillis(3000);
  }

  /** Attaches what is there, and waits for nothing that follows. */
  void beginAttach() {
    cluster.runMillis(3000);
    cluster.ask(cluster.host(LOWER).isAlive() ? LOWER : UPPER, new AttachNewServers(true, false));
  }

  /** Of two writes that compare with one version, the second is refused. */
  void compareAndSetTwice(String value) throws MalformedMessageException {
    for (String key : List.of("key1", "key2", "key3")) {
      NodeAddress to = Rings.coordinator(write(), key);
      long version = client.clockTime(to, key);
      assertThat(compareAndSet(to, key, value, version)).isEqualTo(MutateStatus.STORED);
      stored.put(key, value);
      assertThat(compareAndSet(to, key, "other", version)).isEqualTo(MutateStatus.EXISTS);
    }
  }

  private MutateStatus compareAndSet(NodeAddress to, String key, String value, long version)
      throws MalformedMessageException {
    Mutate plain = RecordClient.mutation(Operation.SET, key, value);
    MutateOperands operands = new MutateOperands(0, 0, 0, version, 0, 0, 0);
    Mutate cas = new Mutate(Operation.SET, 0, plain.key(), plain.value(), operands, RequestId.NONE);
    return MutateResult.read(cluster.call(to, cas).result()).status();
  }

  /** What the server that knows the newest view goes by. */
  HashSpace write() {
    return newest().layout().spaces().write();
  }

  ClusterView newest() {
    return cluster.servers().stream()
        .map(server -> server.requireVoter().installed())
        .max(Comparator.comparing(ClusterView::id))
        .orElseThrow();
  }

  void set(String key, String value) {
    for (int i = 0; i < ATTEMPTS; i++) {
      NodeAddress to = Rings.coordinator(write(), key);
      if (isDone(cluster.call(to, RecordClient.mutation(Operation.SET, key, value)))) {
        stored.put(key, value);
        return;
      }
      cluster.runMillis(200);
    }
    throw new AssertionError("cannot write " + key + " by " + newest());
  }

  private static boolean isDone(CallResult answer) {
    try {
      return answer.error() == null
          && MutateResult.read(answer.result()).status() == MutateStatus.STORED;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  void assertAllThere() throws MalformedMessageException {
    for (Map.Entry<String, String> entry : stored.entrySet()) {
      assertThat(read(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
    }
  }

  @Nullable String read(String key) throws MalformedMessageException {
    String value = "FAILED";
    for (int i = 0; i < ATTEMPTS && List.of("FAILED", "REFUSED").contains(value); i++) {
      NodeAddress to = Rings.coordinator(write(), key);
      value = cluster.host(to).isAlive() ? client.get(to, key) : value;
      if (value == null) {
        return null;
      }
      cluster.runMillis(value.equals("FAILED") || value.equals("REFUSED") ? 200 : 0);
    }
    return value;
  }

  void assertActive(NodeAddress... servers) {
    assertThat(write().nodes().stream().filter(n -> n.active()).map(n -> n.address()))
        .containsExactlyInAnyOrder(servers);
  }
}
