package io.kumo.server.write;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.Coordination;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.change.Change;
import io.kumo.server.write.change.OriginalChange;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final String VALUE = "value";

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(A);
  private final MemoryStore store = new MemoryStore();
  private final ScriptedReplicas replicas = new ScriptedReplicas();
  private final ServerMetrics metrics = new ServerMetrics();
  private final HybridClock clock = new HybridClock(host.time());
  private final ViewHolder spaces = new ViewHolder(A, ClusterView.EMPTY);
  private final WriteContext.Bookkeeping books =
      WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0);
  private final Coordinator coordinator =
      new Coordinator(
          new WriteContext(spaces, store, clock, replicas, host, WriteLimits.defaults(), books),
          KeyGate.OPEN);
  private final ByteBuf key = keyOf(A);

  CoordinatorTest() {
    spaces.dispatchTo(
        (now, continuous) -> {
          books.coverage().viewInstalled(now, continuous, host.time().nanoTime());
          coordinator.viewInstalled(continuous);
        });
    told(steady(space(1, A, B, C)));
  }

  @Test
  void aWriteBecomesReadableOnlyWhenEveryReplicaHasIt() {
    RecordedReply reply = set(VALUE);
    replicas.take(B).reply().stored();
    assertThat(read()).isNull();
    assertThat(reply.answered()).isFalse();

    replicas.take(C).reply().stored();
    assertThat(read()).isEqualTo(VALUE);
    assertThat(reply.stored()).isTrue();
    assertThat(reply.clockTime).isEqualTo(store.clockTime(key));
  }

  @Test
  void aWriteIsNotBegunWithoutALease() {
    spaces.coordinateBy(hash -> false);
    RecordedReply reply = set(VALUE);
    assertThat(reply.refused).isTrue();
    assertThat(replicas.calls).isEmpty();
  }

  @Test
  void aWriteIsNotAcknowledgedWithoutALease() {
    RecordedReply reply = set(VALUE);
    spaces.coordinateBy(hash -> false);
    replicas.storeAll();
    assertThat(reply.stored()).isFalse();
    assertThat(reply.unknown).contains("lease");
  }

  @Test
  void whatAWriteFoundIsNotToldWithoutALease() {
    AtomicBoolean asked = new AtomicBoolean();
    spaces.coordinateBy(
        new Coordination() {
          @Override
          public boolean covers(long hash) {
            return true;
          }

          @Override
          public boolean mayTell(long hash) {
            asked.set(true);
            return false;
          }
        });
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.compareAndSwap(raw(VALUE, 5)), reply, false);
    assertThat(asked).isTrue();
    assertThat(reply.refused).isTrue();
  }

  @Test
  void readsWaitForAWriteThatWasAnsweredBeforeItIsReadable() {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.set(raw(VALUE, 0)), reply, true);
    assertThat(reply.stored()).isTrue();
    long hash = RawKey.hash(key);
    assertThat(coordinator.holdsReads(hash)).isTrue();
    assertThat(coordinator.holdsReads(hash + 1)).isFalse();
    List<@Nullable String> seen = new ArrayList<>();
    assertThat(coordinator.afterWrite(hash, () -> seen.add(read()))).isTrue();
    assertThat(seen).isEmpty();

    replicas.storeAll();
    assertThat(seen).containsExactly(VALUE);
    assertThat(coordinator.holdsReads(hash)).isFalse();
    set("another");
    assertThat(coordinator.holdsReads(hash)).isFalse();
  }

  @Test
  void aServerAloneAnswersAtOnce() {
    told(steady(space(2, A)));
    assertThat(set(VALUE).stored()).isTrue();
    assertThat(replicas.calls).isEmpty();
  }

  @Test
  void writesOfOneKeyGoOneAfterTheOther() {
    RecordedReply first = set("first");
    RecordedReply second = set("second");
    assertThat(replicas.calls).hasSize(2);

    replicas.take(B).reply().stored();
    replicas.take(C).reply().stored();
    assertThat(first.stored()).isTrue();
    assertThat(second.answered()).isFalse();
    assertThat(read()).isEqualTo("first");

    replicas.storeAll();
    assertThat(second.stored()).isTrue();
    assertThat(ClockTime.isNewer(second.clockTime, first.clockTime)).isTrue();
  }

  @Test
  void aWriteThatNobodyWaitsForWhenItsTurnComesIsNotBegun() {
    RecordedReply first = set("first");
    RecordedReply second = set("second");
    RecordedReply third = set("third");
    second.wanted = false;

    replicas.storeAll();

    assertThat(first.stored()).isTrue();
    assertThat(second.unknown).isEqualTo("nobody waits for it");
    assertThat(third.stored()).isTrue();
    assertThat(metrics.get(ServerMetric.ABANDONED)).isEqualTo(1);
    assertThat(metrics.get(ServerMetric.REPLICATION_FAILED)).isZero();
  }

  @Test
  void onlySoManyReadsWaitForOneWrite() {
    submit(key, OriginalChange.set(raw(VALUE, 0)), new RecordedReply(), true);
    long hash = RawKey.hash(key);
    List<Integer> ran = new ArrayList<>();
    int limit = WriteLimits.defaults().maxPendingPerKey();
    for (int i = 0; i < limit; i++) {
      int number = i;
      assertThat(coordinator.afterWrite(hash, () -> ran.add(number))).isTrue();
    }
    assertThat(coordinator.afterWrite(hash, () -> ran.add(-1))).isFalse();

    replicas.storeAll();
    assertThat(ran).hasSize(limit).doesNotContain(-1);
  }

  @Test
  void aConditionalWriteDecidesOnTheOutcomeOfTheOneBeforeIt() {
    set("first");
    RecordedReply stale = compareAndSwap("second", 12_345);
    replicas.storeAll();
    assertThat(stale.status).isEqualTo(MutateStatus.EXISTS);

    RecordedReply right = compareAndSwap("third", store.clockTime(key));
    replicas.storeAll();
    assertThat(right.stored()).isTrue();
    assertThat(read()).isEqualTo("third");
  }

  @Test
  void compareAndSwapOfAnAbsentKeyStoresOnlyWhereNothingIsExpected() {
    assertThat(compareAndSwap(VALUE, 12_345).status).isEqualTo(MutateStatus.EXISTS);
    assertThat(replicas.calls).isEmpty();

    RecordedReply added = compareAndSwap(VALUE, 0);
    replicas.storeAll();
    assertThat(added.stored()).isTrue();
    assertThat(compareAndSwap("again", 0).status).isEqualTo(MutateStatus.EXISTS);

    submit(key, OriginalChange.delete(), new RecordedReply());
    replicas.storeAll();
    RecordedReply addedAgain = compareAndSwap("again", 0);
    replicas.storeAll();
    assertThat(addedAgain.stored()).isTrue();
    assertThat(read()).isEqualTo("again");
  }

  @Test
  void aPlainSetOvertakesANewerRecordOfAReplica() {
    RecordedReply reply = set(VALUE);
    long ahead = ClockTime.of(5_000_000_000L % 0xffff_ffffL, 7);
    replicas.take(B).reply().haveNewer(ahead);

    replicas.storeAll();
    assertThat(reply.stored()).isTrue();
    assertThat(ClockTime.isNewer(reply.clockTime, ahead)).isTrue();
    assertThat(read()).isEqualTo(VALUE);
  }

  @Test
  void aPlainSetGivesUpWhenReplicasStayAhead() {
    RecordedReply reply = set(VALUE);
    for (int i = 0; i <= WriteLimits.MAX_RESTAMPS; i++) {
      ScriptedReplicas.Call call = replicas.take(B);
      call.reply().haveNewer(call.message().clockTime() + 1);
    }
    assertThat(reply.unknown).isNotNull();
    assertThat(read()).isNull();
  }

  @Test
  void aConditionalWriteOverANewerRecordIsUnknown() {
    set("first");
    replicas.storeAll();
    RecordedReply reply = compareAndSwap("second", store.clockTime(key));
    replicas.take(B).reply().haveNewer(clock.last() + 10);
    assertThat(reply.unknown).isNotNull();
    assertThat(read()).isEqualTo("first");
  }

  @Test
  void anAnswerToAnEarlierStampAcknowledgesNothing() {
    RecordedReply reply = set(VALUE);
    ScriptedReplicas.Call late = replicas.take(C);
    replicas.take(B).reply().haveNewer(clock.last() + 10);
    late.reply().stored();
    replicas.take(B).reply().stored();
    assertThat(reply.answered()).isFalse();
    replicas.take(C).reply().stored();
    assertThat(reply.stored()).isTrue();
  }

  @Test
  void aReplicaMarkedFaultIsNoLongerWaitedFor() {
    RecordedReply reply = set(VALUE);
    replicas.take(B).reply().stored();
    told(steady(spaces.current().write().withFault(C, 9)));
    assertThat(reply.stored()).isTrue();
  }

  @Test
  void aReplicaThatJoinsMeanwhileIsWrittenToAsWell() {
    told(steady(space(2, A, B)));
    RecordedReply reply = set(VALUE);
    HashSpace grown = space(3, A, B, C);
    told(new HashSpaces(grown, spaces.current().read()));
    replicas.take(B).reply().stored();
    assertThat(reply.answered()).isFalse();
    ScriptedReplicas.Call call = replicas.take(C);
    assertThat(call.message().fence().whsClockTime()).isEqualTo(3);
    call.reply().stored();
    assertThat(reply.stored()).isTrue();
  }

  @Test
  void inARebalanceTheReplicasOfTheReadSpaceAreWrittenToo() {
    HashSpace old = space(2, A, D);
    HashSpace grown = space(3, A, B, C, D);
    ByteBuf moved =
        keyWhose(
            hash -> grown.coordinator(hash).equals(A) && !grown.activeReplicas(hash).contains(D));
    told(new HashSpaces(grown, old));
    submit(moved, OriginalChange.set(raw(VALUE, 0)), new RecordedReply());
    assertThat(replicas.calls)
        .extracting(ScriptedReplicas.Call::replica)
        .containsExactlyInAnyOrder(B, C, D);
    assertThat(replicas.take(D).message().flags()).isEqualTo(ReplicateSet.BY_READ_SPACE);
    assertThat(replicas.take(B).message().flags()).isZero();
  }

  @Test
  void aWriteOfAKeyThatMovedAwayIsRefusedUnlessItWasSent() {
    RecordedReply sent = set("first");
    RecordedReply waiting = set("second");
    HashSpace other = spaceCoordinatedBy(B, 9);
    told(steady(other));
    assertThat(sent.unknown).isNotNull();
    assertThat(waiting.refused).isTrue();
    assertThat(set("third").refused).isTrue();
    assertThat(coordinator.pendingCount()).isZero();
  }

  @Test
  void aFencedCoordinatorTakesTheNewerHashSpacesAndLeavesTheWriteToWhoAsksAgain() {
    RecordedReply reply = set(VALUE);
    HashSpace newer = spaces.current().write().withClockTime(7);
    for (int i = 0; i <= 4; i++) {
      assertThat(spaces.current().write().clockTime()).isEqualTo(1);
      replicas.take(B).reply().refused(steadyView(newer));
      network.events().runFor(Duration.ofSeconds(1).toNanos());
    }
    assertThat(spaces.current().write().clockTime()).isEqualTo(7);
    assertThat(reply.unknown).contains("another node coordinates");

    RecordedReply again = set(VALUE);
    assertThat(replicas.take(B).message().fence().whsClockTime()).isEqualTo(7);
    assertThat(again.answered()).isFalse();
  }

  @Test
  void aReplicaWithOlderHashSpacesIsGivenTheNewerAndTriedAgain() {
    RecordedReply reply = set(VALUE);
    for (int i = 0; i <= 4; i++) {
      replicas.take(B).reply().refused(ClusterView.EMPTY);
      network.events().runFor(Duration.ofSeconds(1).toNanos());
    }
    assertThat(replicas.shared).extracting(ScriptedReplicas.Shared::node).containsExactly(B);
    replicas.storeAll();
    assertThat(reply.stored()).isTrue();
  }

  @Test
  void aReplicaThatFailsIsTriedAgainUntilTheDeadline() {
    RecordedReply reply = set(VALUE);
    replicas.take(C).reply().stored();
    for (int i = 0; i < 3; i++) {
      replicas.take(B).reply().failed("no connection");
      network.events().runFor(Duration.ofSeconds(1).toNanos());
    }
    replicas.take(B).reply().stored();
    assertThat(reply.stored()).isTrue();

    RecordedReply hung = set("hung");
    network.events().runFor(Duration.ofSeconds(11).toNanos());
    assertThat(hung.unknown).isNotNull();
    assertThat(metrics.get(ServerMetric.WRITE_TIMED_OUT)).isEqualTo(1);
    assertThat(read()).isEqualTo(VALUE);
  }

  @Test
  void anAsynchronousWriteIsAnsweredEarlyAndReplicatedAllTheSame() {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.set(raw(VALUE, 0)), reply, true);
    assertThat(reply.stored()).isTrue();
    assertThat(read()).isNull();
    replicas.storeAll();
    assertThat(read()).isEqualTo(VALUE);
  }

  @Test
  void aKeyHasNoMoreThanItsShareOfPendingWrites() {
    List<RecordedReply> replies = new ArrayList<>();
    for (int i = 0; i <= WriteLimits.defaults().maxPendingPerKey(); i++) {
      replies.add(set(VALUE + i));
    }
    assertThat(replies.get(replies.size() - 1).unknown).isEqualTo("overloaded");
    replicas.storeAll();
    assertThat(replies.subList(0, replies.size() - 1)).allMatch(RecordedReply::stored);
    assertThat(coordinator.pendingCount()).isZero();
  }

  @Test
  void flushedRecordsAreAbsentButStillOutstamped() {
    set(VALUE);
    replicas.storeAll();
    long before = store.clockTime(key);
    spaces.offer(new ClusterView(spaces.current(), ClusterExtras.NONE.withFlushClockTime(before)));
    assertThat(compareAndSwap("late", before).status).isEqualTo(MutateStatus.EXISTS);
    RecordedReply again = set("again");
    replicas.storeAll();
    assertThat(ClockTime.isNewer(again.clockTime, before)).isTrue();
  }

  private RecordedReply set(String value) {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.set(raw(value, 0)), reply);
    return reply;
  }

  private RecordedReply compareAndSwap(String value, long expected) {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.compareAndSwap(raw(value, expected)), reply);
    return reply;
  }

  private void submit(ByteBuf rawKey, Change change, RecordedReply reply) {
    submit(rawKey, change, reply, false);
  }

  private void submit(ByteBuf rawKey, Change change, RecordedReply reply, boolean early) {
    coordinator.submit(new WriteRequest(rawKey, 100, change, RequestId.NONE, false, early, reply));
  }

  private @Nullable String read() {
    ByteBuf value = store.get(key);
    if (value == null) {
      return null;
    }
    try {
      return value.toString(10, value.readableBytes() - 10, StandardCharsets.UTF_8);
    } finally {
      value.release();
    }
  }

  private static ByteBuf raw(String value, long clockTime) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeBytes(bytes);
  }

  private static ByteBuf keyOf(NodeAddress coordinator) {
    HashSpace space = space(1, A, B, C);
    return keyWhose(hash -> coordinator.equals(space.coordinator(hash)));
  }

  private static ByteBuf keyWhose(java.util.function.LongPredicate hash) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> ("key-" + i).getBytes(StandardCharsets.UTF_8))
        .filter(bytes -> hash.test(KeyHash.of(bytes)))
        .map(bytes -> Unpooled.buffer().writeLong(KeyHash.of(bytes)).writeBytes(bytes))
        .findFirst()
        .orElseThrow();
  }

  private HashSpace spaceCoordinatedBy(NodeAddress node, long clockTime) {
    HashSpace space = space(1, A, B, C).withFault(A, clockTime);
    long hash = key.getLong(0);
    return node.equals(space.coordinator(hash)) ? space : space.withFault(C, clockTime);
  }

  /** By the manager, which leaves nothing out. */
  private void told(HashSpaces next) {
    spaces.offer(new ClusterView(next, ClusterExtras.NONE), "the manager");
  }
}
