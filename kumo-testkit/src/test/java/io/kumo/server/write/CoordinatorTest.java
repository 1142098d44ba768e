package io.kumo.server.write;

import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.view.Coordination;
import io.kumo.server.write.change.OriginalChange;
import io.kumo.server.write.round.WriteLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoordinatorTest extends CoordinatedKey {
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
          public boolean allows(long hash) {
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
    RecordedReply third = set("third");
    assertThat(replicas.calls).hasSize(2);

    replicas.take(B).reply().stored();
    replicas.take(C).reply().stored();
    assertThat(first.stored()).isTrue();
    assertThat(second.answered()).isFalse();
    assertThat(read()).isEqualTo("first");

    replicas.storeAll();
    assertThat(second.stored()).isTrue();
    assertThat(ClockTime.isNewer(second.clockTime, first.clockTime)).isTrue();
    assertThat(ClockTime.isNewer(third.clockTime, second.clockTime)).isTrue();
    assertThat(read()).isEqualTo("third");
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
    spaces.offer(
        new PublishedSpaces(spaces.current(), ClusterExtras.NONE.withFlushClockTime(before)));
    assertThat(compareAndSwap("late", before).status).isEqualTo(MutateStatus.EXISTS);
    RecordedReply again = set("again");
    replicas.storeAll();
    assertThat(ClockTime.isNewer(again.clockTime, before)).isTrue();
  }
}
