package io.kumo.server.write;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.write.change.OriginalChange;
import io.kumo.server.write.round.WriteLimits;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a coordinator makes of what replicas answer, and of other hash spaces meanwhile. */
class CoordinatorReplicasTest extends CoordinatedKey {
  private static final NodeAddress D = serverAddress(4);

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
  void aPlainSetDoesNotReadWhatItReplaces() {
    set("first");
    replicas.storeAll();
    set(VALUE);
    replicas.storeAll();
    assertThat(reads).isZero();
    assertThat(read()).isEqualTo(VALUE);
  }

  @Test
  void aPlainSetOvertakesANewerRecordHere() {
    long ahead = ClockTime.of(5_000_000_000L % 0xffff_ffffL, 7);
    store.update(key, raw("ahead", ahead), 0, 0);
    RecordedReply reply = set(VALUE);
    replicas.storeAll();
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
      replicas.take(B).reply().refused(PublishedSpaces.EMPTY);
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

  private HashSpace spaceCoordinatedBy(NodeAddress node, long clockTime) {
    HashSpace space = space(1, A, B, C).withFault(A, clockTime);
    long hash = key.getLong(0);
    return node.equals(space.coordinator(hash)) ? space : space.withFault(C, clockTime);
  }
}
