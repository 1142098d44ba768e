package io.kumo.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.ManualTime;
import io.kumo.core.testing.Tries;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class HybridClockTest {
  private static final long NOW = 1_800_000_000L;

  private final ManualTime time = new ManualTime();
  private final HybridClock clock = new HybridClock(time);

  HybridClockTest() {
    time.setUnixSeconds(NOW);
  }

  @Test
  void printsAsKumoctlDoes() {
    assertThat(ClockTime.format(7710346850515025921L, ZoneOffset.UTC))
        .isEqualTo("2026-11-20 20:03:40 +0000 clock 1");
  }

  @Test
  void countsOnWhenTheSecondChanges() {
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 1));
    time.setUnixSeconds(NOW + 1);
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + 1, 2));
  }

  @Test
  void secondsNeverStepBack() {
    clock.next();
    time.setUnixSeconds(NOW - 100);
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 2));
  }

  @Test
  void startsFromTheLargestOnDisk() {
    clock.observe(ClockTime.of(NOW - 1000, 77));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 78));
  }

  @Test
  void goesBeyondAFastPeer() {
    clock.observe(ClockTime.of(NOW + 3, 5));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + 3, 6));
  }

  @Test
  void movesASecondOnWhenTheCounterWraps() {
    clock.observe(ClockTime.of(NOW, -1));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + 1, 0));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + 1, 1));
  }

  @Test
  void aPeerThatDidNotWrapYetDoesNotTakeTheCounterBack() {
    clock.observe(ClockTime.of(NOW, -1));
    clock.next();
    clock.observeCounter(-1);
    assertThat(clock.counter()).isZero();
  }

  @Test
  void takesACounterOfAnOriginalAndAClockTimeOfAnExtendedPeer() {
    clock.observeMessageClock(149);
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 150));
    clock.observeMessageClock(ClockTime.of(NOW + 2, 151));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + 2, 152));
  }

  @Test
  void stampsAboveTheRecordItReplaces() {
    long stored = ClockTime.of(NOW + 60, 9);
    assertThat(clock.nextAfter(stored)).isEqualTo(stored + 1);
    assertThat(clock.next()).isGreaterThan(stored + 1);
  }

  @Test
  void isNotLedIntoACornerByAnAbsurdClockTime() {
    clock.observe(-1);
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 1));
    assertThatThrownBy(() -> clock.nextAfter(-1)).isInstanceOf(IllegalStateException.class);
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 3));
  }

  @Test
  void doesNotGoByOneThatNoHonestProcessSends() {
    clock.observe(ClockTime.of(NOW + ClockTime.MAX_AHEAD_SECONDS + 1, 9));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW, 1));
    clock.observe(ClockTime.of(NOW + ClockTime.MAX_AHEAD_SECONDS, 9));
    assertThat(clock.next()).isEqualTo(ClockTime.of(NOW + ClockTime.MAX_AHEAD_SECONDS, 10));
  }

  @Test
  void isNotLedOnByADayAtATime() {
    long day = ClockTime.MAX_AHEAD_SECONDS;
    clock.observe(ClockTime.of(NOW + day, 9));
    clock.observe(ClockTime.of(NOW + day + 1, 9));
    assertThat(clock.nextAfter(ClockTime.of(NOW + day + 2, 9)))
        .isEqualTo(ClockTime.of(NOW + day + 2, 10));
    assertThat(clock.next()).isLessThan(ClockTime.of(NOW + day + 1, 0));
  }

  @Test
  void nextIsGreaterThanAllBefore() {
    Tries.of(200, HybridClockTest::nextIsGreaterThanAllBefore);
  }

  private static void nextIsGreaterThanAllBefore(Draw draw) {
    long greatestSeen = ClockTime.of(ClockTime.MAX_AHEAD_SECONDS, -1);
    List<Long> seen = draw.list(40, () -> draw.between(0, greatestSeen));
    List<Integer> seconds = draw.list(40, () -> draw.between(0, 100));
    ManualTime jumping = new ManualTime();
    jumping.setUnixSeconds(0);
    HybridClock tested = new HybridClock(jumping);
    long greatest = 0;
    for (int i = 0; i < Math.max(seen.size(), seconds.size()); i++) {
      if (i < seconds.size()) {
        jumping.setUnixSeconds(seconds.get(i));
      }
      if (i < seen.size()) {
        tested.observe(seen.get(i));
        greatest = ClockTime.max(greatest, seen.get(i));
      }
      long next = tested.next();
      assertThat(ClockTime.isNewer(next, greatest)).isTrue();
      greatest = next;
    }
  }
}
