package io.kumo.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);
  private static final HashSpace ATTACHED = HashSpace.of(List.of(new Node(SELF, true)), 2);
  private static final long MARGIN_SECONDS = 10;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final List<String> written = new ArrayList<>();
  private final Watermarks watermarks = new Watermarks(noting(new MemoryStore()), MARGIN_SECONDS);
  private final ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
  private final ManagerContact contact = new ManagerContact();

  private void runSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      long nowMs = host.time().unixMillis();
      long known = spaces.current().write().clockTime();
      contact.heard(new KeepAlive(0, nowMs, known), known, nowMs, host.time().nanoTime());
      network.events().runFor(Duration.ofSeconds(1).toNanos());
    }
  }

  /** The store, with its calls of what makes state durable noted. */
  private Store noting(Store store) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("putState")) {
                written.add(method.getName());
              }
              return method.invoke(store, arguments);
            });
  }

  /** What came in on its return may be lost with the power until the next sync. */
  @Test
  void aServerThatIsBackNotesThatOnlyWhenWhatItWasGivenIsSafe() {
    host.setSkewMillis(Duration.ofDays(1).toMillis());
    MemoryStore store = new MemoryStore();
    long contactNs = Duration.ofSeconds(6).toNanos();
    WatermarkKeeper keeper =
        new WatermarkKeeper(host.time(), spaces.lifecycle(), watermarks, contact, () -> contactNs);
    TombstoneGc gc =
        new TombstoneGc(
            store,
            watermarks,
            SELF,
            spaces::view,
            3600,
            LifecycleRules.SOUND,
            new ServerMetrics(),
            (write, clockTime, told) -> told.accept(true));
    new Housekeeping(host, host, keeper, gc).start();
    runSeconds(30);
    assertThat(watermarks.applied()).isZero();

    spaces.offer(new HashSpaces(ATTACHED, ATTACHED));
    runSeconds(3);
    assertThat(written).startsWith("putStateAfterSync", "putState");
    long nowSeconds = host.time().unixMillis() / 1000;
    assertThat(ClockTime.seconds(watermarks.applied()))
        .isBetween(nowSeconds - MARGIN_SECONDS - 1, nowSeconds - MARGIN_SECONDS);
  }
}
