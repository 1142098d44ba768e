package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.ManualTime;
import org.junit.jupiter.api.Test;

class BusyPollBudgetTest {
  private static final long LIMIT_MS = 1;
  private static final long NS_PER_MS = 1_000_000;

  private final ManualTime time = new ManualTime();
  private final long startNs = time.nanoTime();
  private final BusyPollBudget budget = new BusyPollBudget(time, LIMIT_MS * NS_PER_MS);
  private long vainMs;
  private long looks;

  /** One wait of a loop: what it waits for comes after so long. */
  private void await(long comesAfterMs) {
    if (!budget.begin()) {
      time.advanceMs(comesAfterMs);
      return;
    }
    looks++;
    long beganNs = time.nanoTime();
    while (time.nanoTime() - beganNs < comesAfterMs * NS_PER_MS) {
      time.advanceMs(1);
      if (!budget.goesOn()) {
        long spentMs = (time.nanoTime() - beganNs) / NS_PER_MS;
        vainMs += spentMs;
        time.advanceMs(comesAfterMs - spentMs);
        return;
      }
    }
    budget.succeeded();
  }

  @Test
  void oneRequestAfterTheOtherIsAlwaysLookedFor() {
    for (int i = 0; i < 1000; i++) {
      await(0);
    }
    assertThat(looks).isEqualTo(1000);
    assertThat(vainMs).isZero();
  }

  @Test
  void aLoopWithoutTrafficSoonLooksAtFewWaitsOnly() {
    for (int i = 0; i < 10; i++) {
      await(50);
    }
    vainMs = 0;
    for (int i = 0; i < 16_000; i++) {
      await(50);
    }
    assertThat(vainMs).isEqualTo(1000 * LIMIT_MS);
  }

  @Test
  void aLoopThatIsNowAndThenLuckySpendsItsShareInVainAtMost() {
    for (int i = 0; i < 10_000; i++) {
      await(0);
      await(4);
    }
    long elapsedMs = (time.nanoTime() - startNs) / NS_PER_MS;
    assertThat(vainMs)
        .isBetween(elapsedMs / 40, elapsedMs / BusyPollBudget.SHARE + 10_000 / 16 + 20);
  }

  @Test
  void itLooksAgainAtEveryWaitWhenTrafficComesBack() {
    for (int i = 0; i < 100; i++) {
      await(50);
    }
    for (int i = 0; i < 32; i++) {
      await(0);
    }
    looks = 0;
    for (int i = 0; i < 100; i++) {
      await(0);
    }
    assertThat(looks).isEqualTo(100);
  }

  @Test
  void withoutATimeToLookItBlocksAtOnce() {
    assertThat(new BusyPollBudget(time, 0).begin()).isFalse();
  }
}
