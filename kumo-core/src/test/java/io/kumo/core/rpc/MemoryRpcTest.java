package io.kumo.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.net.memory.MemoryHost;
import io.kumo.core.net.memory.MemoryNetwork;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

class MemoryRpcTest extends RpcContract {
  private final MemoryNetwork network = new MemoryNetwork();
  private int lastPort = 1000;

  @Override
  TestProcess start(NodeAddress name) {
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
  NodeAddress freeAddress() {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, ++lastPort);
  }

  @Override
  void until(BooleanSupplier condition) {
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
  void settle() {
    network.events().runFor(Duration.ofMillis(50).toNanos());
  }

  @Override
  boolean closesOn(NodeAddress address, byte[] bytes) {
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
}
