package io.kumo.server.lifecycle;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.SyncListener;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When tombstones may go, which of them do, and that a watermark says so first. */
class TombstoneGcTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OTHER = serverAddress(2);
  private static final long KEEP_SECONDS = 100;

  private final SlowDisk store = new SlowDisk();
  private final Watermarks watermarks = new Watermarks(store, 10);
  private PublishedSpaces installed = complete(space(5, true, true));
  private final ServerMetrics metrics = new ServerMetrics();
  private final Queue<Asked> asked = new ArrayDeque<>();
  private final TombstoneGc gc =
      new TombstoneGc(
          store,
          watermarks,
          SELF,
          () -> installed,
          KEEP_SECONDS,
          LifecycleRules.SOUND,
          metrics,
          (write, clockTime, told) -> asked.add(new Asked(write, clockTime, told)));

  /** A question that has not been answered. */
  private record Asked(HashSpace write, long clockTime, Consumer<Boolean> told) {}

  private static HashSpace space(long seconds, boolean self, boolean other) {
    return HashSpace.of(
        List.of(new Node(SELF, self), new Node(OTHER, other)), ClockTime.of(seconds, 0));
  }

  /** Every server has removed what it does not own by this hash space. */
  private static PublishedSpaces complete(HashSpace space) {
    return new PublishedSpaces(
        new HashSpaces(space, space), new ClusterExtras(List.of(), 0, space.clockTime()));
  }

  private static ByteBuf key(int number) {
    return Unpooled.buffer().writeLong((long) number << 32).writeByte('k');
  }

  private void tombstone(int number, long seconds) {
    store.update(key(number), Unpooled.buffer().writeLong(ClockTime.of(seconds, 0)));
  }

  private void item(int number, long seconds, int expirySeconds) {
    ByteBuf head = Unpooled.buffer().writeLong(ClockTime.of(seconds, 0)).writeShort(1);
    store.update(key(number), head.writeInt(0).writeInt(expirySeconds).writeZero(9));
  }

  private boolean isDueWith(PublishedSpaces view) {
    installed = view;
    return gc.isDue();
  }

  /** A second in which everybody agrees. */
  private void collect(long nowSeconds) {
    collect(nowSeconds, true);
  }

  private void collect(long nowSeconds, boolean agreed) {
    gc.seekAgreement(nowSeconds);
    answer(agreed);
    gc.collect(nowSeconds);
  }

  private void answer(boolean agreed) {
    for (Asked question = asked.poll(); question != null; question = asked.poll()) {
      question.told().accept(agreed);
    }
  }

  @Test
  void tombstonesMayGoWhileAllServersAreThereAndHaveRemovedWhatIsNotTheirs() {
    assertThat(gc.isDue()).isTrue();
  }

  @Test
  void noTombstoneGoesWhileAServerThatMayHaveItsRecordIsAway() {
    assertThat(isDueWith(complete(space(5, true, false)))).isFalse();
    assertThat(isDueWith(complete(space(5, false, true)))).isFalse();
    assertThat(isDueWith(PublishedSpaces.EMPTY)).isFalse();
  }

  @Test
  void noTombstoneGoesBeforeARebalanceHasEnded() {
    HashSpace now = space(5, true, true);
    HashSpace before = HashSpace.of(List.of(new Node(SELF, true)), ClockTime.of(4, 0));
    assertThat(
            isDueWith(
                new PublishedSpaces(
                    new HashSpaces(now, before), new ClusterExtras(List.of(), 0, now.clockTime()))))
        .isFalse();
    assertThat(
            isDueWith(
                new PublishedSpaces(
                    new HashSpaces(now, now), new ClusterExtras(List.of(), 0, before.clockTime()))))
        .isFalse();
  }

  @Test
  void whatIsOldEnoughGoesAndNothingElse() {
    tombstone(1, 50);
    tombstone(2, 950);
    item(3, 50, 0);
    collect(1000);
    collect(1001);
    assertThat(store.clockTime(key(1))).isZero();
    assertThat(store.clockTime(key(2))).isNotZero();
    assertThat(store.clockTime(key(3))).isNotZero();
    assertThat(watermarks.tombstoneGc()).isEqualTo(ClockTime.of(900, 0));
  }

  @Test
  void nothingGoesBeforeTheWatermarkIsDurable() {
    tombstone(1, 50);
    store.hold();
    collect(1000);
    collect(1001);
    assertThat(store.clockTime(key(1))).isNotZero();
    assertThat(watermarks.tombstoneGc()).isZero();

    store.letGo();
    collect(1002);
    assertThat(store.clockTime(key(1))).isZero();
  }

  @Test
  void theWatermarkRisesInStepsAsEachIsADiskSync() {
    tombstone(1, 50);
    tombstone(2, 999);
    collect(1000);
    collect(1001);
    assertThat(watermarks.tombstoneGc()).isEqualTo(ClockTime.of(900, 0));
    collect(1002);
    assertThat(watermarks.tombstoneGc()).isEqualTo(ClockTime.of(902, 0));
  }

  @Test
  void withoutTombstonesNothingIsWritten() {
    item(1, 50, 0);
    collect(1000);
    assertThat(watermarks.tombstoneGc()).isZero();
  }

  @Test
  void noTombstoneGoesThatSomebodyDoesNotAgreeOn() {
    tombstone(1, 50);
    collect(1000, false);
    collect(1001, false);
    assertThat(store.clockTime(key(1))).isNotZero();
    assertThat(watermarks.claimedTombstoneGc()).isZero();
    assertThat(metrics.get(ServerMetric.TOMBSTONE_GC_REFUSED)).isEqualTo(2);
    collect(1002);
    collect(1003);
    assertThat(store.clockTime(key(1))).isZero();
  }

  @Test
  void oneQuestionAtATimeIsAskedAndItsAnswerHoldsForItsView() {
    tombstone(1, 50);
    gc.seekAgreement(1000);
    gc.seekAgreement(1001);
    assertThat(asked)
        .singleElement()
        .satisfies(
            question -> {
              assertThat(question.write()).isEqualTo(installed.spaces().write());
              assertThat(question.clockTime()).isEqualTo(ClockTime.of(900, 0));
            });
    installed = complete(space(6, true, true));
    answer(true);
    assertThat(watermarks.claimedTombstoneGc()).isZero();
    gc.seekAgreement(1002);
    installed = complete(space(7, true, false));
    answer(true);
    assertThat(watermarks.claimedTombstoneGc()).isZero();
  }

  /** Else who returns meanwhile would be told that its old records may stay. */
  @Test
  void whatIsToGoIsToldBeforeItIsDurable() {
    tombstone(1, 50);
    store.hold();
    collect(1000);
    assertThat(watermarks.claimedTombstoneGc()).isEqualTo(ClockTime.of(900, 0));
    assertThat(watermarks.tombstoneGc()).isZero();
  }

  @Test
  void expiredItemsThatGoAreCounted() {
    tombstone(1, 50);
    item(2, 60, 70);
    item(3, 60, 2000);
    collect(1000);
    collect(1001);
    assertThat(store.clockTime(key(2))).isZero();
    assertThat(store.clockTime(key(3))).isNotZero();
    assertThat(gc.reclaimed()).isOne();
  }

  @Test
  void ofManyRecordsAsManyAreLookedAtAsTenMinutesNeed() {
    for (int i = 0; i < 5000; i++) {
      tombstone(i, 50);
    }
    collect(1000);
    assertThat(store.tombstoneCount()).isEqualTo(3000);
    collect(1001);
    collect(1002);
    assertThat(store.tombstoneCount()).isZero();
  }

  /** A store whose state becomes durable when the test says so. */
  private static final class SlowDisk extends MemoryStore {
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean holds;

    void hold() {
      holds = true;
    }

    void letGo() {
      holds = false;
      held.forEach(Runnable::run);
      held.clear();
    }

    @Override
    public void putState(String name, byte[] bytes, Executor executor, SyncListener listener) {
      if (holds) {
        held.add(() -> super.putState(name, bytes, executor, listener));
      } else {
        super.putState(name, bytes, executor, listener);
      }
    }
  }
}
