package io.kumo.server.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.address;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchesTest {
  private static final NodeAddress SELF = address(1, 19800);
  private static final NodeAddress SOURCE = address(2, 19900);
  private static final long NOW = 100;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final ViewHolder spaces = new ViewHolder(SELF, steadyView(space(NOW, SELF)));
  private final Fetches fetches = fetches();
  private int comings;

  private Fetches fetches() {
    MemoryStore store = new MemoryStore();
    RpcEndpoint endpoint = Endpoints.of(host, Role.SERVER);
    Watermarks watermarks = new Watermarks(store, 10);
    WriteContext.Bookkeeping books =
        WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> 0);
    Rejoin rejoin =
        new Rejoin(
            endpoint,
            host,
            spaces,
            new Rejoin.Before(
                store, watermarks, books, () -> {}, OldRecords.LET_GO, LifecycleRules.SOUND));
    Rebalancer.Records records =
        new Rebalancer.Records(store, watermarks, books, KeyGate.OPEN, RebalanceRules.SOUND);
    Fetches made = new Fetches(host, spaces, new HybridClock(host.time()), records, rejoin);
    spaces.dispatchTo(
        (now, continuous) -> {
          rejoin.viewInstalled(now);
          made.viewInstalled();
        });
    return made;
  }

  @BeforeEach
  void offerSomething() throws IOException {
    network
        .start(SOURCE)
        .listen(
            SOURCE,
            () ->
                new LinkListener() {
                  @Override
                  public void opened(Link link) {
                    comings++;
                  }

                  @Override
                  public void received(ByteBuf in) {
                    in.skipBytes(in.readableBytes());
                  }

                  @Override
                  public void closed(@Nullable Throwable cause) {}
                });
  }

  private int comingsAfter(Runnable event) {
    event.run();
    network.events().runFor(Duration.ofSeconds(1).toNanos());
    return comings;
  }

  @Test
  void whatIsOfferedForTheHashSpaceThatIsKnownIsFetched() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW))).isOne();
  }

  @Test
  void anOriginalThatDoesNotSayForWhatItOffersIsFetchedFrom() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, 0))).isOne();
  }

  @Test
  void whatIsOfferedForAnOlderHashSpaceIsNotFetched() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW - 1))).isZero();
    assertThat(comingsAfter(() -> spaces.offer(steadyView(space(NOW + 1, SELF))))).isZero();
  }

  @Test
  void whatIsOfferedForANewerHashSpaceWaitsUntilThatIsKnown() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW + 5))).isZero();
    assertThat(comingsAfter(() -> spaces.offer(steadyView(space(NOW + 2, SELF))))).isZero();
    assertThat(comingsAfter(() -> spaces.offer(steadyView(space(NOW + 5, SELF))))).isOne();
  }

  @Test
  void whatWaitedForAHashSpaceThatWasSkippedIsNotFetched() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW + 5))).isZero();
    assertThat(comingsAfter(() -> spaces.offer(steadyView(space(NOW + 6, SELF))))).isZero();
  }

  @Test
  void whatIsOfferedAgainWhileItComesIsFetchedOnce() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW))).isOne();
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW))).isOne();
  }

  /** Nothing tells a receiver that the machine at the other end has lost its power. */
  @Test
  void aStreamThatIsSilentGivesWayToTheNextOffer() throws IOException {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW))).isOne();
    network.powerOff(SOURCE);
    offerSomething();
    network.events().runFor(Duration.ofSeconds(20).toNanos());
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW))).isEqualTo(2);
  }

  @Test
  void theManagersWordThatRecordsAreCopiedIsEnough() {
    assertThat(comingsAfter(() -> fetches.offered(SOURCE, NOW + 5))).isZero();
    assertThat(comingsAfter(() -> fetches.told(NOW + 5))).isOne();
  }
}
