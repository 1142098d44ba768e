package io.kumo.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keepalives show of the clocks of two processes. */
class KeepaliveClockTest {
  private static final NodeAddress ASKING = NodeAddress.of(new byte[] {10, 0, 0, 1}, 19800);
  private static final NodeAddress ASKED = NodeAddress.of(new byte[] {10, 0, 0, 2}, 19700);
  private static final long EPOCH_MS = 1_795_132_800_000L;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost asking = network.start(ASKING);
  private final MemoryHost asked = network.start(ASKED);
  private final List<Long> aheadMs = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    asking.setSkewMillis(EPOCH_MS);
    asked.setSkewMillis(EPOCH_MS);
    RpcEndpoint manager = Endpoints.of(asked, Role.MANAGER);
    manager.handle(
        Method.KEEP_ALIVE,
        KeepAlive.class,
        (message, caller, reply) -> reply.unsigned(asked.time().unixMillis()));
    manager.listen(ASKED);
    Peer peer = Endpoints.of(asking, Role.SERVER).peer(ASKED);
    peer.keepConnected();
    new Keepalive(
            asking,
            peer,
            new AdjustableInterval(Duration.ofSeconds(2).toNanos()),
            () -> new KeepAlive(1, asking.time().unixMillis()),
            aheadMs::add)
        .start();
  }

  private void run(long seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void aClockThatIsAheadIsMeasured() {
    asked.setSkewMillis(EPOCH_MS + 7_000);
    run(11);
    assertThat(aheadMs).hasSizeGreaterThan(3).allMatch(ms -> Math.abs(ms - 7_000) < 10);
  }

  @Test
  void clocksThatAgreeAreNeverFoundApartHoweverLongBothArePaused() {
    for (long seconds = 1; seconds < 40; seconds += 3) {
      asking.pause();
      asked.pause();
      run(seconds);
      asked.resume();
      asking.resume();
      run(5);
    }
    assertThat(aheadMs).hasSizeGreaterThan(10).allMatch(ms -> Math.abs(ms) <= 500);
  }

  @Test
  void nothingIsMeasuredWhileOneOfTheTwoIsPaused() {
    run(5);
    int before = aheadMs.size();
    asked.pause();
    run(36);
    asked.resume();
    run(1);
    assertThat(aheadMs.subList(before, aheadMs.size())).allMatch(ms -> Math.abs(ms) <= 500);
  }
}
