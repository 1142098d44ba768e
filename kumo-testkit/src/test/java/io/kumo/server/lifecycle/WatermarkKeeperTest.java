package io.kumo.server.lifecycle;

import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatermarkKeeperTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);
  private static final long MARGIN_SECONDS = 10;
  private static final long CONTACT_NS = Duration.ofSeconds(6).toNanos();
  private static final long KNOWN = ClockTime.of(1000, 8);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final ViewHolder spaces = new ViewHolder(SELF, steadyView(space(KNOWN, SELF)));
  private final Watermarks watermarks = new Watermarks(new MemoryStore(), MARGIN_SECONDS);
  private final ManagerContact contact = new ManagerContact();

  WatermarkKeeperTest() {
    WatermarkKeeper keeper =
        new WatermarkKeeper(host.time(), spaces.lifecycle(), watermarks, contact, () -> CONTACT_NS);
    TombstoneGc gc =
        new TombstoneGc(
            new MemoryStore(),
            watermarks,
            SELF,
            spaces::view,
            3600,
            LifecycleRules.SOUND,
            new ServerMetrics(),
            (write, clockTime, told) -> told.accept(true));
    new Housekeeping(host, host, keeper, gc).start();
    run(10);
  }

  private void run(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  private long nowMs() {
    return host.time().unixMillis();
  }

  /** A manager sends a heartbeat each second. */
  private void hear(int seconds, long sentAgoMs, long writeClockTime) {
    for (int i = 0; i < seconds; i++) {
      KeepAlive sign = new KeepAlive(0, nowMs() - sentAgoMs, writeClockTime);
      contact.heard(sign, spaces.current().write().clockTime(), nowMs(), host.time().nanoTime());
      run(1);
    }
  }

  private long appliedSeconds() {
    return ClockTime.seconds(watermarks.applied());
  }

  @Test
  void theWatermarkFollowsAManagerThatGoesByTheSameHashSpace() {
    assertThat(watermarks.applied()).isZero();
    hear(20, 0, KNOWN);
    assertThat(appliedSeconds())
        .isBetween(nowMs() / 1000 - MARGIN_SECONDS - 2, nowMs() / 1000 - MARGIN_SECONDS);
  }

  @Test
  void aManagerThatKnowsNothingYetDoesNotRaiseTheWatermark() {
    hear(20, 0, 0);
    assertThat(watermarks.applied()).isZero();
  }

  @Test
  void aManagerThatGoesByAnotherHashSpaceMayHaveMarkedThisServerFault() {
    hear(20, 0, KNOWN + 2);
    assertThat(watermarks.applied()).isZero();
    spaces.offer(steadyView(space(KNOWN + 2, SELF)));
    hear(10, 0, KNOWN + 2);
    assertThat(watermarks.applied()).isNotZero();
  }

  @Test
  void aHeartbeatThatWasLongOnItsWayCountsForWhenItWasSent() {
    long sentMs = nowMs();
    run(60);
    contact.heard(new KeepAlive(0, sentMs, KNOWN), KNOWN, nowMs(), host.time().nanoTime());
    run(7);
    assertThat(appliedSeconds()).isEqualTo(sentMs / 1000 - MARGIN_SECONDS);
  }

  @Test
  void anOriginalManagerDoesNotSayWhatItGoesByAndIsTrusted() {
    for (int i = 0; i < 10; i++) {
      contact.heard(new KeepAlive(0, 0), KNOWN, nowMs(), host.time().nanoTime());
      run(1);
    }
    assertThat(appliedSeconds()).isPositive();
  }

  @Test
  void theWatermarkStaysWhenTheManagerIsNoLongerHeard() {
    hear(10, 0, KNOWN);
    long before = appliedSeconds();
    run(60);
    assertThat(appliedSeconds()).isBetween(before, before + 1);
  }

  @Test
  void aProcessThatViewsDoNotNameRaisesNothing() {
    spaces.waitUntilNamed(77);
    hear(20, 0, KNOWN);
    assertThat(watermarks.applied()).isZero();
    spaces.offer(steadyView(space(KNOWN + 2, SELF)));
    hear(10, 0, KNOWN + 2);
    assertThat(watermarks.applied()).isNotZero();
  }

  @Test
  void aServerThatIsLeftBehindForLongAsksAndNoSooner() {
    KeepAlive newer = new KeepAlive(0, nowMs(), KNOWN + 1);
    KeepAlive same = new KeepAlive(0, nowMs(), KNOWN);
    List<Boolean> asks = new ArrayList<>();
    for (KeepAlive sign : List.of(newer, newer, newer, same, newer, newer, newer, newer, newer)) {
      asks.add(contact.heard(sign, KNOWN, nowMs(), host.time().nanoTime()));
    }
    assertThat(asks).containsExactly(false, false, false, false, false, false, false, true, false);
  }
}
