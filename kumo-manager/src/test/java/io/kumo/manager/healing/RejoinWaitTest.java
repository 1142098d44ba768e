package io.kumo.manager.healing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejoinWaitTest {
  private static final NodeAddress A = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);
  private static final long AFTER_NS = Duration.ofSeconds(30).toNanos();

  private final RejoinWait wait = new RejoinWait(AFTER_NS);

  private static long ns(double seconds) {
    return (long) (seconds * 1e9);
  }

  @Test
  void oneThatWasOnlyCutOffRejoinsAtOnce() {
    assertThat(wait.isDue(A, false, ns(5))).isTrue();
  }

  @Test
  void oneThatWasStartedAnewWaitsFromWhenItIsBack() {
    assertThat(wait.isDue(A, true, ns(5))).isFalse();
    assertThat(wait.waiting()).isOne();
    assertThat(wait.isDue(A, true, ns(34.9))).isFalse();
    assertThat(wait.isDue(A, true, ns(35))).isTrue();
  }

  @Test
  void whoGoesAwayMeanwhileWaitsAnew() {
    assertThat(wait.isDue(A, true, ns(5))).isFalse();
    wait.away(A, ns(6));
    assertThat(wait.waiting()).isZero();
    assertThat(wait.isDue(A, true, ns(36))).isFalse();
    assertThat(wait.isDue(A, true, ns(66))).isTrue();
  }

  @Test
  void whoFallsAgainAndAgainWaitsLongerEachTime() {
    wait.rejoined(A, ns(0));
    assertThat(wait.isDue(A, false, ns(7))).isFalse();
    assertThat(wait.isDue(A, false, ns(9))).isTrue();
    wait.rejoined(A, ns(9));
    assertThat(wait.isDue(A, false, ns(15))).isFalse();
    assertThat(wait.isDue(A, false, ns(18.9))).isFalse();
    assertThat(wait.isDue(A, false, ns(19))).isTrue();
    for (int fall = 0; fall < 20; fall++) {
      double now = 100 + 50 * fall;
      wait.rejoined(A, ns(now));
      wait.isDue(A, false, ns(now + 1));
      assertThat(wait.isDue(A, false, ns(now + 31))).as("at most").isTrue();
    }
  }

  @Test
  void whoHasTakenPartForAWhileBeforeItFallsRejoinsAtOnce() {
    for (int fall = 0; fall < 5; fall++) {
      double now = 100 + 30 * fall;
      wait.rejoined(A, ns(now));
      wait.away(A, ns(now + 10));
      assertThat(wait.isDue(A, false, ns(now + 22))).as("fall " + fall).isTrue();
    }
  }

  @Test
  void itIsTheFallThatCountsNotTheReturn() {
    wait.rejoined(A, ns(0));
    wait.away(A, ns(5));
    assertThat(wait.isDue(A, false, ns(60))).isFalse();
    assertThat(wait.isDue(A, false, ns(62))).isTrue();
  }

  @Test
  void nothingIsKeptOfServersThatTheClusterDoesNotKnow() {
    wait.isDue(A, true, ns(0));
    wait.retain(List.of());
    assertThat(wait.waiting()).isZero();
  }
}
