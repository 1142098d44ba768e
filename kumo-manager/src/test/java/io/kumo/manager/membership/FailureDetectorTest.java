package io.kumo.manager.membership;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureDetectorTest {
  private static final long INTERVAL_NS = 2_000_000_000L;
  private static final long CHECK_NS = INTERVAL_NS / FailureDetector.CHECKS_PER_INTERVAL;

  private final FailureDetector detector = new FailureDetector(INTERVAL_NS, 0);
  private long nowNs;

  private FailureDetector.Verdict checkAfter(long ns) {
    nowNs += ns;
    return detector.check(nowNs);
  }

  @Test
  void aNodeIsAskedOnceAnInterval() {
    detector.watch(node(1), nowNs);
    int asked = 0;
    for (int i = 0; i < 4 * FailureDetector.CHECKS_PER_INTERVAL; i++) {
      asked += checkAfter(CHECK_NS).due().size();
      detector.heard(node(1), nowNs);
    }
    assertThat(asked).isEqualTo(4);
  }

  @Test
  void aSilentNodeIsLostAfterThreeIntervalsAndNotBefore() {
    detector.watch(node(1), nowNs);
    long silentSinceNs = nowNs;
    FailureDetector.Verdict verdict = checkAfter(CHECK_NS);
    while (verdict.lost().isEmpty()) {
      verdict = checkAfter(CHECK_NS);
    }
    assertThat(nowNs - silentSinceNs).isEqualTo(FailureDetector.MISSED_LIMIT * INTERVAL_NS);
    assertThat(verdict.lost()).containsExactly(node(1));
    assertThat(detector.watches(node(1))).isFalse();
    assertThat(checkAfter(CHECK_NS).lost()).isEmpty();
  }

  @Test
  void nobodyIsLostBecauseTheIntervalBecameShorter() {
    long shorterNs = INTERVAL_NS / 20;
    detector.watch(node(1), nowNs);
    checkAfter(CHECK_NS);
    nowNs += INTERVAL_NS;
    detector.setIntervalNs(shorterNs, nowNs);
    long changedNs = nowNs;
    FailureDetector.Verdict verdict = checkAfter(0);
    assertThat(verdict.due()).containsExactly(node(1));
    while (verdict.lost().isEmpty()) {
      verdict = checkAfter(shorterNs / FailureDetector.CHECKS_PER_INTERVAL);
    }
    assertThat(nowNs - changedNs).isEqualTo(FailureDetector.MISSED_LIMIT * shorterNs);
  }

  @Test
  void anOlderHeartbeatTakesNothingAway() {
    detector.watch(node(1), nowNs);
    for (int i = 0; i < 2 * FailureDetector.CHECKS_PER_INTERVAL; i++) {
      checkAfter(CHECK_NS);
    }
    detector.heard(node(1), nowNs);
    detector.heard(node(1), 0);
    for (int i = 1; i < 3 * FailureDetector.CHECKS_PER_INTERVAL; i++) {
      assertThat(checkAfter(CHECK_NS).lost()).isEmpty();
    }
    assertThat(checkAfter(CHECK_NS).lost()).containsExactly(node(1));
  }

  @Test
  void aHeartbeatStartsTheWaitAnew() {
    detector.watch(node(1), nowNs);
    for (int i = 0; i < 100; i++) {
      assertThat(checkAfter(CHECK_NS).lost()).isEmpty();
      if (i % 20 == 0) {
        detector.heard(node(1), nowNs);
      }
    }
  }

  @Test
  void aPauseOfTheWatcherIsNotHeldAgainstTheNodes() {
    detector.watch(node(1), nowNs);
    checkAfter(CHECK_NS);
    assertThat(checkAfter(100 * INTERVAL_NS).lost()).isEmpty();
    for (long ns = 0; ns < INTERVAL_NS; ns += CHECK_NS) {
      assertThat(checkAfter(CHECK_NS).lost()).isEmpty();
    }
    FailureDetector.Verdict verdict = checkAfter(CHECK_NS);
    for (int i = 0; i < 3 * FailureDetector.CHECKS_PER_INTERVAL && verdict.lost().isEmpty(); i++) {
      verdict = checkAfter(CHECK_NS);
    }
    assertThat(verdict.lost()).containsExactly(node(1));
  }

  /** Milliseconds after which a node is lost that has fallen silent. */
  private long lostAfter(long checkNs) {
    detector.watch(node(1), nowNs);
    long sinceNs = nowNs;
    while (checkAfter(checkNs).lost().isEmpty()) {
      assertThat(nowNs - sinceNs).isLessThan(100 * INTERVAL_NS);
    }
    return nowNs - sinceNs;
  }

  @Test
  void aStarvedWatcherIsMorePatientButNotForEver() {
    long patienceNs = detector.patienceNs();
    assertThat(lostAfter(2 * CHECK_NS)).as("a little late is as ever").isEqualTo(patienceNs);
    assertThat(lostAfter(6 * CHECK_NS)).isBetween(2 * patienceNs, 2 * patienceNs + 6 * CHECK_NS);
  }

  @Test
  void whoIsHeardIsForgivenAnew() {
    detector.watch(node(1), nowNs);
    for (int i = 1; i <= 60; i++) {
      assertThat(checkAfter(6 * CHECK_NS).lost()).isEmpty();
      if (i % 6 == 0) {
        detector.heard(node(1), nowNs);
      }
    }
  }
}
