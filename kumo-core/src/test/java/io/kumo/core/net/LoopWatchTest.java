package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.metrics.LoopDelays;
import io.kumo.core.metrics.Percentiles;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static Map<String, Long> samples() {
    return LoopDelays.ofProcess().histogram().samples();
  }

  @Test
  void aLoopThatIsHeldUpShowsForHowLong() {
    Map<String, Long> before = samples();
    try (EventLoops loops = new EventLoops("held", 1, IoKind.NIO)) {
      loops.next().execute(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400)));
      await()
          .until(
              () -> Percentiles.between(before, samples(), "kumo_loop_delay_seconds").at(1) > 0.1);
    }
    assertThat(LoopDelays.ofProcess().longestNs()).isGreaterThan(100_000_000);
  }
}
