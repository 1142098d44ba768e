package io.kumo.server;

import static io.kumo.server.ServerNodes.address;
import static io.kumo.server.ServerNodes.coordinator;
import static io.kumo.server.ServerNodes.rawKey;
import static io.kumo.server.ServerNodes.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.extended.Mutate;
import io.kumo.core.protocol.extended.MutateOperands;
import io.kumo.core.protocol.extended.MutateResult;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerNodes.Answer;
import io.kumo.server.metrics.ServerMetric;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);
  private static final NodeAddress D = address(4);
  private static final String KEY = "key";

  private final ServerNodes servers = new ServerNodes(4);
  private final HashSpace three = space(1, A, B, C);
  private final NodeAddress first = coordinator(three, KEY);
  private final HashSpace without = three.withFault(first, 2);
  private final NodeAddress second = coordinator(without, KEY);
  private final NodeAddress third =
      List.of(A, B, C).stream()
          .filter(node -> !node.equals(first) && !node.equals(second))
          .findFirst()
          .orElseThrow();

  @Test
  void aNewCoordinatorAdoptsTheNewestRecordAndMakesAllReplicasEqual()
      throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "acknowledged");
    store(third, KEY, "left behind", servers.store(first).clockTime(rawKey(KEY)) + 5);
    servers.kill(first);
    servers.tell(without, without);

    assertThat(servers.extGet(second, KEY)).isEqualTo("left behind");
    assertThat(servers.store(second).clockTime(rawKey(KEY)))
        .isEqualTo(servers.store(third).clockTime(rawKey(KEY)));
  }

  @Test
  void aConditionalWriteAfterAFailoverSeesWhatItsPredecessorAcknowledged()
      throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, "n" + KEY, "x");
    servers.mutate(first, Operation.SET, KEY, "1");
    servers.store(second).removeIf(rawKey(KEY), servers.store(second).clockTime(rawKey(KEY)));
    servers.kill(first);
    servers.tell(without, without);
    assertThat(servers.mutate(second, Operation.ADD, KEY, "again").status())
        .isEqualTo(MutateStatus.NOT_STORED);
    assertThat(servers.extGet(second, KEY)).isEqualTo("1");
  }

  @Test
  void readsWaitUntilTheOtherReplicaAnswersOrIsMarkedFault() throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "value");
    servers.kill(first);
    servers.network.kill(third);
    servers.node(second).spaces().offer(steady(without));
    Answer read = servers.send(second, new ExtGet(rawKey(KEY)));
    servers.run(Duration.ofSeconds(3));
    assertThat(read.done()).isFalse();
    HashSpace alone = without.withFault(third, 3);
    servers.node(second).spaces().offer(steady(alone));
    servers.run(Duration.ofSeconds(1));
    assertThat(read.done()).isTrue();
    assertThat(servers.extGet(second, KEY)).isEqualTo("value");
  }

  @Test
  void inARebalanceTheRecordIsPulledFromWhereItWas() throws MalformedMessageException {
    HashSpace old = space(1, A, B, C);
    HashSpace grown = space(2, A, B, C, D);
    String moved = keyOf(grown, D);
    servers.tell(old, old);
    servers.mutate(coordinator(old, moved), Operation.SET, moved, "value");
    servers.tell(grown, old);
    assertThat(servers.store(D).clockTime(rawKey(moved))).isZero();
    assertThat(servers.extGet(D, moved)).isEqualTo("value");
    assertThat(servers.store(D).clockTime(rawKey(moved))).isNotZero();
    assertThat(servers.mutate(D, Operation.APPEND, moved, "+").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(servers.extGet(D, moved)).isEqualTo("value+");
  }

  @Test
  void withEveryServerOfTheReadSpaceDownARecordIsNotGuessed() throws MalformedMessageException {
    HashSpace old = space(1, A, B, C).withFault(A, 2).withFault(B, 2).withFault(C, 2);
    HashSpace grown = space(3, D);
    servers.tell(old, old);
    servers.tell(grown, old);
    assertThat(servers.extGet(D, KEY)).isEqualTo("FAILED");
    assertThat(servers.mutate(D, Operation.ADD, KEY, "x").status()).isEqualTo(MutateStatus.FAILED);
  }

  @Test
  void aRepeatedRequestIsAnsweredButNotAppliedAgain() throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "1");
    RequestId id = new RequestId(77, 1);
    assertThat(increment(first, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(increment(first, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(servers.extGet(first, KEY)).isEqualTo("2");
    assertThat(servers.node(first).metrics().get(ServerMetric.WRITE_REPEATED)).isEqualTo(1);
  }

  @Test
  void aRequestRepeatedAtTheNextCoordinatorIsKnownThere() throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "1");
    RequestId id = new RequestId(77, 1);
    increment(first, id);
    servers.kill(first);
    servers.tell(without, without);
    assertThat(increment(second, id).status()).isEqualTo(MutateStatus.STORED);
    assertThat(servers.extGet(second, KEY)).isEqualTo("2");
  }

  @Test
  void aRequestThatOnlyTheOtherReplicaHasIsLearnedInTheRecovery() throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "1");
    servers.hosts.get(second).pause();
    Answer cut = servers.send(first, increment(new RequestId(77, 1)));
    servers.run(Duration.ofMillis(100));
    assertThat(cut.done()).isFalse();
    servers.kill(first);
    servers.hosts.get(second).resume();
    // The increment reached the third server, and the second only as something still on its way.
    servers.tell(without, without);
    assertThat(increment(second, new RequestId(77, 1)).status()).isEqualTo(MutateStatus.STORED);
    assertThat(servers.extGet(second, KEY)).isEqualTo("2");
  }

  @Test
  void aWriteInDoubtIsRepairedInTheBackground() throws MalformedMessageException {
    servers.tell(three, three);
    servers.mutate(first, Operation.SET, KEY, "old");
    long ahead = servers.store(first).clockTime(rawKey(KEY)) + (1L << 40);
    store(third, KEY, "newer", ahead);
    assertThat(servers.mutate(first, Operation.APPEND, KEY, "+").status())
        .isEqualTo(MutateStatus.FAILED);
    servers.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(servers.store(node).clockTime(rawKey(KEY))).isEqualTo(ahead);
    }
    assertThat(servers.extGet(first, KEY)).isEqualTo("newer");
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
    servers.tell(three, three);
    assertThat(servers.node(A).isVerified()).isFalse();
    servers.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(servers.node(node).isVerified()).isTrue();
      assertThat(servers.store(node).clockTime(rawKey("old"))).isEqualTo(stamp + 1);
      assertThat(servers.store(node).clockTime(rawKey("only"))).isEqualTo(stamp);
    }
    long fetched =
        List.of(A, B, C).stream()
            .mapToLong(node -> servers.node(node).metrics().get(ServerMetric.RECOVERED))
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
    servers.tell(four, four);
    servers.run(Duration.ofSeconds(5));
    for (NodeAddress node : List.of(A, B, C, D)) {
      assertThat(servers.node(node).isVerified()).isTrue();
      assertThat(servers.node(node).metrics().get(ServerMetric.RECOVERED)).isZero();
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
    servers.run(Duration.ofSeconds(5));
    store(former, KEY, "in doubt", 1L << 40);
    told(four, four);
    servers.run(Duration.ofSeconds(5));
    for (NodeAddress replica : replicas) {
      assertThat(servers.store(replica).clockTime(rawKey(KEY))).isEqualTo(1L << 40);
    }
  }

  @Test
  void whileRecordsAreBeingMovedNothingIsSettled() {
    servers.tell(space(2, A, B, C, D), space(1, A, B, C));
    servers.run(Duration.ofSeconds(5));
    assertThat(servers.node(A).isVerified()).isFalse();
    servers.tell(space(2, A, B, C, D), space(3, A, B, C, D));
    servers.run(Duration.ofSeconds(5));
    assertThat(servers.node(A).isVerified()).isTrue();
  }

  @Test
  void aRecordThatComesInDuringARecoveryIsAdopted() {
    servers.tell(three, three);
    servers.run(Duration.ofSeconds(5));
    servers.kill(first);
    servers.hosts.get(third).pause();
    servers.tell(without, without);
    Answer read = servers.send(second, new ExtGet(rawKey(KEY)));
    servers.run(Duration.ofMillis(10));
    store(second, KEY, "handed off", 1L << 40);
    servers.hosts.get(third).resume();
    for (int i = 0; i < 100 && !read.done(); i++) {
      servers.run(Duration.ofMillis(1));
    }
    assertThat(read.done()).isTrue();
    assertThat(servers.store(third).clockTime(rawKey(KEY))).isEqualTo(1L << 40);
  }

  @Test
  void aRestartedServerPassesNothingOnBeforeItIsNamed() {
    servers.tell(three, three);
    servers.run(Duration.ofSeconds(5));
    servers.kill(first);
    store(first, KEY, "deleted since", 1L << 40);
    servers.start(first);
    servers.run(Duration.ofSeconds(5));
    assertThat(servers.store(second).clockTime(rawKey(KEY))).isZero();

    servers.tell(space(2, A, B, C), space(3, A, B, C));
    servers.run(Duration.ofSeconds(5));
    assertThat(servers.store(second).clockTime(rawKey(KEY))).isNotZero();
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
    servers.mutate(coordinator(old, moved), Operation.SET, moved, "acknowledged");
    store(left, moved, "in doubt", servers.store(left).clockTime(rawKey(moved)) + 5);
    told(grown, old);
    told(grown, grown);
    assertThat(servers.extGet(D, moved)).isEqualTo("in doubt");
  }

  @Test
  void aHandoffToItsCoordinatorIsPutOnEveryReplicaBeforeItIsRead()
      throws MalformedMessageException {
    servers.tell(three, three);
    servers.run(Duration.ofSeconds(5));
    servers.mutate(first, Operation.SET, KEY, "acknowledged");
    long newer = servers.store(first).clockTime(rawKey(KEY)) + 5;
    Answer handedOff = new Answer();
    servers
        .node(third)
        .endpoint()
        .peer(first)
        .call(
            new Handoff(rawKey(KEY), record("handed off", newer), true),
            Duration.ofSeconds(1).toNanos(),
            handedOff);
    servers.run(Duration.ofMillis(100));
    assertThat(handedOff.done()).isTrue();
    assertThat(servers.extGet(first, KEY)).isEqualTo("handed off");
    assertThat(servers.store(second).clockTime(rawKey(KEY))).isEqualTo(newer);
  }

  /** By the manager, which leaves nothing out. */
  private void told(HashSpace write, HashSpace read) {
    ClusterView view = new ClusterView(new HashSpaces(write, read), ClusterExtras.NONE);
    List.of(A, B, C, D).forEach(node -> servers.node(node).spaces().offer(view, "the manager"));
  }

  private MutateResult increment(NodeAddress server, RequestId id)
      throws MalformedMessageException {
    return MutateResult.read(servers.call(server, increment(id)).result());
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
    assertThat(servers.store(node).update(rawKey(key), record(data, clockTime)).stored()).isTrue();
  }

  private static ByteBuf record(String data, long clockTime) {
    return Unpooled.buffer()
        .writeLong(clockTime)
        .writeShort(0)
        .writeBytes(data.getBytes(StandardCharsets.UTF_8));
  }

  private static HashSpaces steady(HashSpace space) {
    return new HashSpaces(space, space);
  }

  private static String keyOf(HashSpace space, NodeAddress owner) {
    int i = 0;
    while (!coordinator(space, "key" + i).equals(owner)) {
      i++;
    }
    return "key" + i;
  }
}
