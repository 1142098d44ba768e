package io.kumo.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdjustableIntervalTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(NodeAddress.of(new byte[] {10, 0, 0, 1}, 19700));
  private final AdjustableInterval interval = new AdjustableInterval(10 * SECOND_NS);
  private int often;
  private int seldom;

  private void run(long ns) {
    network.events().runFor(ns);
  }

  @Test
  void whatRunsFollowsAChange() {
    Cancellable repeated = interval.repeat(host, 10, "often", () -> often++);
    interval.repeat(host, 1, "seldom", () -> seldom++);
    run(10 * SECOND_NS + 1);
    assertThat(often).isEqualTo(10);
    assertThat(seldom).isEqualTo(1);

    interval.change(SECOND_NS);
    run(10 * SECOND_NS + 1);
    assertThat(often).isEqualTo(110);
    assertThat(seldom).isEqualTo(11);

    repeated.cancel();
    interval.change(5 * SECOND_NS);
    run(10 * SECOND_NS + 1);
    assertThat(often).as("what was cancelled").isEqualTo(110);
    assertThat(seldom).isEqualTo(13);
  }
}
