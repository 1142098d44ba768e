package io.kumo.server;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final String KEY = "key";

  private final MemoryCluster cluster = new MemoryCluster();
  private final RecordClient client = new RecordClient(cluster);
  private final HashSpace three = space(1, A, B, C);
  private final NodeAddress first = coordinator(three, KEY);
  private final HashSpace without = three.withFault(first, 2);
  private final NodeAddress second = coordinator(without, KEY);
  private final NodeAddress third =
      List.of(A, B, C).stream()
          .filter(node -> !node.equals(first) && !node.equals(second))
          .findFirst()
          .orElseThrow();

  FailoverTest() {
    cluster.startServers(4);
  }

  @Test
  void aNewCoordinatorAdoptsTheNewestRecordAndMakesAllReplicasEqual()
      throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "acknowledged");
    store(third, KEY, "left behind", cluster.store(first).clockTime(rawKey(KEY)) + 5);
    cluster.kill(first);
    cluster.tell(without, without);

    assertThat(client.get(second, KEY)).isEqualTo("left behind");
    assertThat(cluster.store(second).clockTime(rawKey(KEY)))
        .isEqualTo(cluster.store(third).clockTime(rawKey(KEY)));
  }

  @Test
  void aConditionalWriteAfterAFailoverSeesWhatItsPredecessorAcknowledged()
      throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, "n" + KEY, "x");
    client.mutate(first, Operation.SET, KEY, "1");
    cluster.store(second).removeIf(rawKey(KEY), cluster.store(second).clockTime(rawKey(KEY)));
    cluster.kill(first);
    cluster.tell(without, without);
    assertThat(client.mutate(second, Operation.ADD, KEY, "again").status())
        .isEqualTo(MutateStatus.NOT_STORED);
    assertThat(client.get(second, KEY)).isEqualTo("1");
  }

  @Test
  void readsWaitUntilTheOtherReplicaAnswersOrIsMarkedFault() throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "value");
    cluster.kill(first);
    cluster.network().kill(third);
    cluster.server(second).spaces().offer(steady(without));
    CallResult read = cluster.send(second, new ExtGet(rawKey(KEY)));
    cluster.run(Duration.ofSeconds(3));
    assertThat(read.isDone()).isFalse();
    HashSpace alone = without.withFault(third, 3);
    cluster.server(second).spaces().offer(steady(alone));
    cluster.run(Duration.ofSeconds(1));
    assertThat(read.isDone()).isTrue();
    assertThat(client.get(second, KEY)).isEqualTo("value");
  }

  @Test
  void inARebalanceTheRecordIsPulledFromWhereItWas() throws MalformedMessageException {
    HashSpace old = space(1, A, B, C);
    HashSpace grown = space(2, A, B, C, D);
    String moved = keyOf(grown, D);
    cluster.tell(old, old);
    client.mutate(coordinator(old, moved), Operation.SET, moved, "value");
    cluster.tell(grown, old);
    assertThat(cluster.store(D).clockTime(rawKey(moved))).isZero();
    assertThat(client.get(D, moved)).isEqualTo("value");
    assertThat(cluster.store(D).clockTime(rawKey(moved))).isNotZero();
    assertThat(client.mutate(D, Operation.APPEND, moved, "+").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(client.get(D, moved)).isEqualTo("value+");
  }

  @Test
  void withEveryServerOfTheReadSpaceDownARecordIsNotGuessed() throws MalformedMessageException {
    HashSpace old = space(1, A, B, C).withFault(A, 2).withFault(B, 2).withFault(C, 2);
    HashSpace grown = space(3, D);
    cluster.tell(old, old);
    cluster.tell(grown, old);
    assertThat(client.get(D, KEY)).isEqualTo("FAILED");
    assertThat(client.mutate(D, Operation.ADD, KEY, "x").status()).isEqualTo(MutateStatus.FAILED);
  }

  @Test
  void aRepeatedRequestIsAnsweredButNotAppliedAgain() throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "1");
    RequestId id = new RequestId(77, 1);
    assertThat(increment(first, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(increment(first, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(client.get(first, KEY)).isEqualTo("2");
    assertThat(cluster.server(first).metrics().get(ServerMetric.WRITE_REPEATED)).isEqualTo(1);
  }

  @Test
  void aRequestRepeatedAtTheNextCoordinatorIsKnownThere() throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "1");
    RequestId id = new RequestId(77, 1);
    increment(first, id);
    cluster.kill(first);
    cluster.tell(without, without);
    assertThat(increment(second, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(client.get(second, KEY)).isEqualTo("2");
  }

  @Test
  void aRequestThatOnlyTheOtherReplicaHasIsLearnedInTheRecovery() throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "1");
    cluster.host(second).pause();
    CallResult cut = cluster.send(first, increment(new RequestId(77, 1)));
    cluster.run(Duration.ofMillis(100));
    assertThat(cut.isDone()).isFalse();
    cluster.kill(first);
    cluster.host(second).resume();
    // The increment reached the third server, and the second only as something still on its way.
    cluster.tell(without, without);
    assertThat(increment(second, new RequestId(77, 1)).status()).isEqualTo(MutateStatus.STORED);
    assertThat(client.get(second, KEY)).isEqualTo("2");
  }

  @Test
  void aWriteInDoubtIsRepairedInTheBackground() throws MalformedMessageException {
    cluster.tell(three, three);
    client.mutate(first, Operation.SET, KEY, "old");
    long ahead = cluster.store(first).clockTime(rawKey(KEY)) + (1L << 40);
    store(third, KEY, "newer", ahead);
    assertThat(client.mutate(first, Operation.APPEND, KEY, "+").status())
        .isEqualTo(MutateStatus.FAILED);
    cluster.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(cluster.store(node).clockTime(rawKey(KEY))).isEqualTo(ahead);
    }
    assertThat(client.get(first, KEY)).isEqualTo("newer");
  }

  @Test
  void whatIsOwedIsSettledInTheBackground() {
    long stamp = 1L << 40;
    for (int i = 0; i < 3000; i++) {
      store(A, "both" + i, "same", stamp + i);
      store(B, "both" + i, "same", stamp + i);
      store(C, "both" + i, "same", stamp + i);
    }
    store(A, "old", "a", stamp);
    store(B, "old", "b", stamp + 1);
    store(C, "only", "c", stamp);
    cluster.tell(three, three);
    assertThat(cluster.server(A).isVerified()).isFalse();
    cluster.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(cluster.server(node).isVerified()).isTrue();
      assertThat(cluster.store(node).clockTime(rawKey("old"))).isEqualTo(stamp + 1);
      assertThat(cluster.store(node).clockTime(rawKey("only"))).isEqualTo(stamp);
    }
    long fetched =
        List.of(A, B, C).stream()
            .mapToLong(node -> cluster.server(node).metrics().get(ServerMetric.RECOVERED))
            .sum();
    assertThat(fetched).isEqualTo(2);
  }

  @Test
  void aServerThatIsNoReplicaOfAKeyOwesItNothing() {
    HashSpace four = space(1, A, B, C, D);
    for (int i = 0; i < 100; i++) {
      for (NodeAddress replica : four.activeReplicas(rawKey("key" + i).getLong(0))) {
        store(replica, "key" + i, "same", 1L << 40);
      }
    }
    cluster.tell(four, four);
    cluster.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C, D)) {
      assertThat(cluster.server(node).isVerified()).isTrue();
      assertThat(cluster.server(node).metrics().get(ServerMetric.RECOVERED)).isZero();
    }
  }

  @Test
  void aWriteInDoubtAtAFormerReplicaIsSettled() throws MalformedMessageException {
    HashSpace four = space(2, A, B, C, D);
    List<NodeAddress> replicas = four.activeReplicas(rawKey(KEY).getLong(0));
    NodeAddress former =
        List.of(A, B, C, D).stream()
            .filter(node -> !replicas.contains(node))
            .findFirst()
            .orElseThrow();
    HashSpace before = space(1, former, replicas.get(0), replicas.get(1));
    told(before, before);
    cluster.run(Duration.ofSeconds(5));
    store(former, KEY, "in doubt", 1L << 40);
    told(four, four);
    cluster.run(Duration.ofSeconds(5));
    for (NodeAddress replica : replicas) {
      assertThat(cluster.store(replica).clockTime(rawKey(KEY))).isEqualTo(1L << 40);
    }
  }

  @Test
  void whileRecordsAreBeingMovedNothingIsSettled() {
    cluster.tell(space(2, A, B, C, D), space(1, A, B, C));
    cluster.run(Duration.ofSeconds(5));
    assertThat(cluster.server(A).isVerified()).isFalse();
    cluster.tell(space(2, A, B, C, D), space(3, A, B, C, D));
    cluster.run(Duration.ofSeconds(5));
    assertThat(cluster.server(A).isVerified()).isTrue();
  }

  @Test
  void aRecordThatComesInDuringARecoveryIsAdopted() {
    cluster.tell(three, three);
    cluster.run(Duration.ofSeconds(5));
    cluster.kill(first);
    cluster.host(third).pause();
    cluster.tell(without, without);
    CallResult read = cluster.send(second, new ExtGet(rawKey(KEY)));
    cluster.run(Duration.ofMillis(10));
    store(second, KEY, "handed off", 1L << 40);
    cluster.host(third).resume();
    for (int i = 0; i < 100 && !read.isDone(); i++) {
      cluster.run(Duration.ofMillis(1));
    }
    assertThat(read.isDone()).isTrue();
    assertThat(cluster.store(third).clockTime(rawKey(KEY))).isEqualTo(1L << 40);
  }

  @Test
  void aRestartedServerPassesNothingOnBeforeItIsNamed() {
    cluster.tell(three, three);
    cluster.run(Duration.ofSeconds(5));
    cluster.kill(first);
    store(first, KEY, "deleted since", 1L << 40);
    cluster.startServer(first);
    cluster.run(Duration.ofSeconds(5));
    assertThat(cluster.store(second).clockTime(rawKey(KEY))).isZero();

    cluster.tell(space(2, A, B, C), space(3, A, B, C));
    cluster.run(Duration.ofSeconds(5));
    assertThat(cluster.store(second).clockTime(rawKey(KEY))).isNotZero();
  }

  /** Its tombstone may have been lost there, and dropped here while nobody saw that it was away. */
  @Test
  void aRestartedServerIsNotAskedInARecoveryBeforeItIsNamed() throws MalformedMessageException {
    cluster.tell(three, three);
    cluster.run(Duration.ofSeconds(5));
    cluster.kill(first);
    cluster.server(third).spaces().offer(steady(without));
    cluster.kill(third);
    store(third, KEY, "deleted since", 1L << 40);
    cluster.server(second).spaces().offer(steady(without));
    cluster.startServer(third);
    CallResult read = cluster.send(second, new ExtGet(rawKey(KEY)));
    cluster.run(Duration.ofSeconds(3));
    assertThat(cluster.server(third).spaces().lifecycle().isNamed()).isFalse();
    assertThat(cluster.store(second).clockTime(rawKey(KEY))).isZero();
    assertThat(read.isDone()).isFalse();

    cluster.server(second).spaces().offer(steady(without.withFault(third, 3)));
    cluster.run(Duration.ofSeconds(1));
    assertThat(read.isDone()).isTrue();
    assertThat(cluster.store(second).clockTime(rawKey(KEY))).isZero();
  }

  @Test
  void aWriteThatOnlyAFormerReplicaHasIsFoundAfterReadsHaveFollowed()
      throws MalformedMessageException {
    HashSpace old = space(1, A, B, C);
    HashSpace grown = space(2, A, B, C, D);
    String moved = keyOf(grown, D);
    long hash = KeyHash.of(moved.getBytes(StandardCharsets.UTF_8));
    NodeAddress left =
        List.of(A, B, C).stream()
            .filter(node -> !grown.activeReplicas(hash).contains(node))
            .findFirst()
            .orElseThrow();
    told(old, old);
    client.mutate(coordinator(old, moved), Operation.SET, moved, "acknowledged");
    store(left, moved, "in doubt", cluster.store(left).clockTime(rawKey(moved)) + 5);
    told(grown, old);
    told(grown, grown);
    assertThat(client.get(D, moved)).isEqualTo("in doubt");
  }

  @Test
  void aHandoffToItsCoordinatorIsPutOnEveryReplicaBeforeItIsRead()
      throws MalformedMessageException {
    cluster.tell(three, three);
    cluster.run(Duration.ofSeconds(5));
    client.mutate(first, Operation.SET, KEY, "acknowledged");
    long newer = cluster.store(first).clockTime(rawKey(KEY)) + 5;
    CallResult handedOff = new CallResult();
    cluster
        .server(third)
        .endpoint()
        .peer(first)
        .call(
            new Handoff(rawKey(KEY), record("handed off", newer), true, null),
            Duration.ofSeconds(1).toNanos(),
            handedOff);
    cluster.run(Duration.ofMillis(100));
    assertThat(handedOff.isDone()).isTrue();
    assertThat(client.get(first, KEY)).isEqualTo("handed off");
    assertThat(cluster.store(second).clockTime(rawKey(KEY))).isEqualTo(newer);
  }

  /** By the manager, which leaves nothing out. */
  private void told(HashSpace write, HashSpace read) {
    PublishedSpaces view = new PublishedSpaces(new HashSpaces(write, read), ClusterExtras.NONE);
    List.of(A, B, C, D).forEach(node -> cluster.server(node).spaces().offer(view, "the manager"));
  }

  private MutateResult increment(NodeAddress server, RequestId id)
      throws MalformedMessageException {
    return MutateResult.read(cluster.call(server, increment(id)).result());
  }

  private static Mutate increment(RequestId id) {
    return new Mutate(
        Operation.INCR,
        0,
        rawKey(KEY),
        Unpooled.EMPTY_BUFFER,
        MutateOperands.ofItem(0, 0).withDelta(1, 0),
        id);
  }

  private void store(NodeAddress node, String key, String data, long clockTime) {
    assertThat(cluster.store(node).update(rawKey(key), record(data, clockTime)).stored()).isTrue();
  }

  private static ByteBuf record(String data, long clockTime) {
    return Unpooled.buffer()
        .writeLong(clockTime)
        .writeShort(0)
        .writeBytes(data.getBytes(StandardCharsets.UTF_8));
  }

  private static String keyOf(HashSpace space, NodeAddress owner) {
    int i = 0;
    while (!coordinator(space, "key" + i).equals(owner)) {
      i++;
    }
    return "key" + i;
  }
}
