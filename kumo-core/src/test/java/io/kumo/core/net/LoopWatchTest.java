package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.metrics.LoopDelays;
import io.kumo.core.metrics.Measurement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static long late(String bound) {
    return LoopDelays.ofProcess().measurements().stream()
        .filter(m -> m.name().equals("kumo_loop_delays_over_" + bound + "_total"))
        .mapToLong(Measurement::value)
        .sum();
  }

  @Test
  void aLoopThatIsHeldUpShowsForHowLong() {
    long before = late("100ms");
    try (EventLoops loops = new EventLoops("held", 1, IoKind.NIO)) {
      loops.next().execute(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400)));
      await().until(() -> late("100ms") > before);
    }
    assertThat(LoopDelays.ofProcess().longestNs()).isGreaterThan(100_000_000);
  }
}
