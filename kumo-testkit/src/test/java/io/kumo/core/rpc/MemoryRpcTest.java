package io.kumo.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Transport;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.net.NetworkConditions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryRpcTest extends RpcContract {
  private static final int BURST = 100;

  /** Nothing arrives. */
  private static final NetworkConditions STILL =
      new NetworkConditions() {
        @Override
        public long delayNs(NodeAddress from, NodeAddress to) {
          return 0;
        }

        @Override
        public boolean passes(NodeAddress from, NodeAddress to) {
          return false;
        }
      };

  private final MemoryNetwork network = new MemoryNetwork();
  private int lastPort = 1000;

  @Override
  public TestProcess start(NodeAddress name) {
    MemoryHost host = network.start(name);
    return new TestProcess() {
      @Override
      public Transport transport() {
        return host;
      }

      @Override
      public void kill() {
        network.kill(name);
      }
    };
  }

  @Override
  public NodeAddress freeAddress() {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, ++lastPort);
  }

  @Override
  public void until(BooleanSupplier condition) {
    for (int i = 0; i < 1_000_000 && !condition.getAsBoolean(); i++) {
      network.events().step();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Override
  void expectBugs() {
    network.expectBugs();
  }

  @Override
  public void settle() {
    network.events().runFor(Duration.ofMillis(50).toNanos());
  }

  @Override
  public boolean closesOn(NodeAddress address, byte[] bytes) {
    AtomicBoolean closed = new AtomicBoolean();
    network
        .start(freeAddress())
        .connect(
            address,
            SECOND,
            new LinkListener() {
              @Override
              public void opened(Link link) {
                link.out().writeBytes(bytes);
              }

              @Override
              public void received(ByteBuf in) {
                in.skipBytes(in.readableBytes());
              }

              @Override
              public void closed(@Nullable Throwable cause) {
                closed.set(true);
              }
            });
    until(closed::get);
    return closed.get();
  }

  @Test
  void aClientThatTakesNothingForLongIsClosedAndItsRequestsAreNotLookedUp() throws IOException {
    NodeAddress server = freeAddress();
    AtomicInteger handled = new AtomicInteger();
    RpcEndpoint serving = greatAnswers(server, handled);
    NodeAddress client = freeAddress();
    Outcome outcome = burst(gateway(start(client)), server);

    until(() -> serving.statistics().parks() > 0);
    network.setConditions(STILL);
    until(() -> serving.statistics().stalled() > 0);

    assertThat(handled.get()).isLessThan(BURST);
    assertThat(serving.statistics().unsentBytes()).isZero();
    assertThat(outcome.seen).doesNotContain("other");
  }

  @Test
  void aRequestThatNobodyWaitsForAnyMoreIsDropped() throws IOException {
    NodeAddress server = freeAddress();
    AtomicInteger handled = new AtomicInteger();
    RpcEndpoint serving = greatAnswers(server, handled);
    NodeAddress client = freeAddress();
    burst(gateway(start(client)), server);

    until(() -> serving.statistics().parks() > 0);
    network.setConditions(STILL);
    network.events().runFor(Limits.REQUEST_LIFETIME_NS);
    network.setConditions(NetworkConditions.FAIR);

    until(() -> handled.get() + serving.statistics().late() == BURST);
    assertThat(serving.statistics().late()).isPositive();
  }

  private RpcEndpoint greatAnswers(NodeAddress server, AtomicInteger handled) throws IOException {
    RpcEndpoint serving = node(start(server), server, Role.SERVER, 1);
    ByteBuf value = Unpooled.wrappedBuffer(new byte[1 << 20]);
    serving.handle(
        Method.EXT_GET,
        ExtGet.class,
        (m, caller, replier) -> {
          handled.incrementAndGet();
          replier.raw(value);
        });
    return serving;
  }

  private Outcome burst(RpcEndpoint gateway, NodeAddress server) {
    Outcome outcome = new Outcome();
    ExtGet get = new ExtGet(Unpooled.copiedBuffer("aaaaaaaak", StandardCharsets.UTF_8));
    gateway
        .transport()
        .execute(
            () -> {
              for (int i = 0; i < BURST; i++) {
                gateway.peer(server).call(get, 60 * SECOND, outcome);
              }
            });
    return outcome;
  }
}
