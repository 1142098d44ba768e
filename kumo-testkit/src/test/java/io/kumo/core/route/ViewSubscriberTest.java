package io.kumo.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import io.kumo.testkit.net.MemoryHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a gateway learns of hash spaces and flushes, on a virtual clock and network. */
class ViewSubscriberTest {
  private static final NodeAddress MANAGER = MemoryGateway.address(9_000);

  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT);
  private final FakeServer server = gateway.start(true);
  private final List<Caller> gateways = new ArrayList<>();
  private final List<Long> flushes = new ArrayList<>();
  private PublishedSpaces view = gateway.viewOf(5, server);
  private int requests;
  private boolean flushesFail;

  private MemoryHost startManager() throws IOException {
    MemoryHost host = gateway.cluster().startHost(MANAGER);
    RpcEndpoint endpoint = new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(1));
    endpoint.handle(
        Method.HASH_SPACE_REQUEST,
        HashSpaceRequest.class,
        (request, caller, reply) -> {
          requests++;
          gateways.add(caller);
          view.write(reply.begin());
        });
    endpoint.handle(
        Method.FLUSH_ALL,
        FlushAll.class,
        (flush, caller, reply) -> {
          flushes.add(flush.dueSeconds());
          if (flushesFail) {
            reply.errorText("no");
          } else {
            reply.bool(true);
          }
        });
    endpoint.listen(MANAGER);
    return host;
  }

  @Test
  void asksTheManagerAndFindsTheServers() throws IOException {
    startManager();
    gateway.askManager();
    gateway.run(100);
    assertThat(gateway.ring().view().spaces()).isEqualTo(view.spaces());
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
    gateway.run(6_000);
    assertThat(requests).isBetween(3, 5);
  }

  /** Neither by managers nor in the refusal of a server: all later ones would be older. */
  @Test
  void goesByNoViewThatNoHonestClockHasMade() {
    long far = ClockTime.of(0xffff_fff0L, 1); // in 2106
    gateway.show(gateway.viewOf(far, server));
    assertThat(gateway.ring().view()).isEqualTo(PublishedSpaces.EMPTY);
    gateway.show(view);
    ClusterExtras flush = new ClusterExtras(view.extras().nodes(), far, 0);
    gateway.show(new PublishedSpaces(view.spaces(), flush));
    assertThat(gateway.ring().view()).isEqualTo(view);
    server.refuse(gateway.viewOf(far, server));
    gateway.ask("get a\r\n");
    assertThat(gateway.ring().view()).isEqualTo(view);
    server.refuse(gateway.viewOf(6, server));
    gateway.ask("get a\r\n");
    assertThat(gateway.ring().view().spaces().write().clockTime()).isEqualTo(6);
  }

  @Test
  void keepsTryingWhenTheManagerIsNotThereYet() throws IOException {
    gateway.askManager();
    gateway.run(20_000);
    assertThat(gateway.managers().isConnected()).isFalse();
    startManager();
    gateway.run(5_000);
    assertThat(gateway.managers().isConnected()).isTrue();
    assertThat(gateway.ring().view().spaces().write().nodes()).hasSize(1);
  }

  @Test
  void takesWhatIsPushedUnlessItIsOlder() throws IOException {
    MemoryHost host = startManager();
    gateway.askManager();
    gateway.run(100);
    FakeServer other = gateway.start(true);
    PublishedSpaces newer = gateway.viewOf(9, server, other);
    push(host, newer);
    assertThat(gateway.ring().view().spaces().write().nodes()).hasSize(2);
    push(host, gateway.viewOf(7, server));
    assertThat(gateway.ring().view().spaces().write().nodes()).hasSize(2);
  }

  private void push(MemoryHost host, PublishedSpaces pushed) {
    Caller caller = gateways.get(0);
    CallResult answer = new CallResult();
    host.execute(() -> caller.back().call(new HashSpacePush(pushed), 1_000_000_000, answer));
    gateway.run(50);
    assertThat(answer.result()).isNotNull();
  }

  @Test
  void aManagerIsToldToFlushNowOrLater() throws IOException {
    startManager();
    gateway.askManager();
    gateway.run(100);
    assertThat(gateway.ask("flush_all\r\n")).isEqualTo("OK\r\n");
    assertThat(flushes).containsExactly(0L);
    long dueSeconds = gateway.unixSeconds() + 20;
    assertThat(gateway.ask("flush_all 20\r\n")).isEqualTo("OK\r\n");
    assertThat(flushes.get(1)).isBetween(dueSeconds, dueSeconds + 1);
  }

  @Test
  void aFlushFailsWhenTheManagerSaysSoOrIsNotThere() throws IOException {
    assertThat(gateway.ask("flush_all\r\n", 100)).isEqualTo("SERVER_ERROR flush failed\r\n");
    startManager();
    gateway.askManager();
    gateway.run(100);
    flushesFail = true;
    assertThat(gateway.ask("flush_all\r\n", 100)).isEqualTo("SERVER_ERROR flush failed\r\n");
    assertThat(flushes).hasSize(1);
  }
}
