package io.kumo.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.view.StandingOrders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyThrottleTest {
  private static final long RATE = 100_000;
  private static final int LARGEST = 1_000_000;
  private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

  private record Sent(long atNs, long bytes) {}

  private static CopyThrottle throttle(long bytesPerSecond) {
    return new CopyThrottle(0, new MovePace(bytesPerSecond), new BackgroundThrottle(() -> 0, 0), 0);
  }

  /** Pieces of very different sizes, and now and then a receiver that keeps the copy waiting. */
  private static List<Sent> copy(CopyThrottle throttle, Random random) {
    List<Sent> sent = new ArrayList<>();
    long nowNs = 0;
    long total = 0;
    for (int i = 0; i < 300; i++) {
      long startNs = nowNs;
      long bytes = random.nextInt(10) == 0 ? random.nextInt(LARGEST) : random.nextInt(5000);
      total += bytes;
      sent.add(new Sent(nowNs, bytes));
      nowNs += random.nextInt(1_000_000);
      nowNs += Math.max(0, throttle.pauseNs(total, startNs, nowNs));
      if (random.nextInt(30) == 0) {
        nowNs += random.nextLong(60 * SECOND_NS);
      }
    }
    return sent;
  }

  @Test
  void inNoSpanOfTimeIsMoreSentThanItsBytesAndOnePiece() {
    for (int seed = 0; seed < 20; seed++) {
      List<Sent> sent = copy(throttle(RATE), new Random(seed));
      for (int from = 0; from < sent.size(); from++) {
        long bytes = 0;
        for (int to = from; to < sent.size(); to++) {
          double seconds = (double) (sent.get(to).atNs() - sent.get(from).atNs()) / SECOND_NS;
          assertThat((double) bytes).isLessThanOrEqualTo(RATE * seconds + 1);
          bytes += sent.get(to).bytes();
        }
      }
    }
  }

  @Test
  void aPieceThatIsWorthManySecondsIsPaidForInFull() {
    assertThat(throttle(RATE).pauseNs(100 * RATE, 0, 0)).isEqualTo(100 * SECOND_NS);
  }

  @Test
  void aCopyThatIsSlowerThanItMayBeIsNotHeldUp() {
    assertThat(throttle(RATE).pauseNs(RATE, 0, 2 * SECOND_NS)).isLessThanOrEqualTo(0);
  }

  @Test
  void whatIsOwedIsOwedAtTheRateOfTheMoment() {
    MovePace pace = new MovePace(RATE);
    CopyThrottle throttle = new CopyThrottle(0, pace, new BackgroundThrottle(() -> 0, 0), 0);
    throttle.pauseNs(100 * RATE, 0, 0);
    pace.setOwn(10 * RATE);
    assertThat(throttle.owedNs(0)).isEqualTo(10 * SECOND_NS);
    pace.follow(StandingOrders.NONE.withRate(RATE));
    assertThat(throttle.owedNs(5 * SECOND_NS)).isEqualTo(50 * SECOND_NS);
    pace.setOwn(0);
    assertThat(throttle.owedNs(15 * SECOND_NS)).isEqualTo(40 * SECOND_NS);
    pace.follow(StandingOrders.NONE);
    assertThat(throttle.owedNs(15 * SECOND_NS)).isZero();
    assertThat(throttle.pauseNs(200 * RATE, 15 * SECOND_NS, 15 * SECOND_NS)).isZero();
    pace.setOwn(RATE);
    assertThat(throttle.owedNs(15 * SECOND_NS)).isZero();
  }

  @Test
  void withoutALimitThereIsNoPause() {
    assertThat(throttle(0).pauseNs(1L << 40, 0, 1)).isZero();
  }
}
