package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.it.sim.history.Violation;
import io.kumo.testkit.net.MemoryHost;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A run fails when a program throws, whatever hides it from clients, and the cluster goes on. */
class PlantedThrowTest {
  private static final long SOON_NS = Duration.ofSeconds(5).toNanos();

  private static IllegalStateException planted() {
    return new IllegalStateException("planted by a test");
  }

  private static final class ThrowingReply implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {
      throw planted();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      throw planted();
    }
  }

  private static final class ThrowingLink implements LinkListener {
    @Override
    public void opened(Link link) {
      throw planted();
    }

    @Override
    public void received(ByteBuf in) {}

    @Override
    public void closed(@Nullable Throwable cause) {}
  }

  /** The only thing wrong with the run is what was planted: nothing else came to a halt. */
  private static void assertFound(String rule, String text, Consumer<World> meddling) {
    List<Violation> violations = Simulation.runCalm(11, meddling).violations();
    assertThat(violations).as(text).hasSize(1);
    assertThat(violations.get(0).toString()).contains(rule).contains(text);
  }

  @Test
  void soundRunsPass() {
    assertThat(Simulation.runCalm(11, world -> {}).violations()).isEmpty();
  }

  @Test
  void aTimerThatThrows() {
    assertFound(
        "no bugs",
        "planted by a test",
        world ->
            world
                .managers()
                .get(0)
                .host()
                .schedule(
                    SOON_NS,
                    () -> {
                      throw planted();
                    }));
  }

  @Test
  void aTaskAtTheEndOfABatchThatThrows() {
    MemoryHostTask throwing =
        host ->
            host.atBatchEnd(
                () -> {
                  throw planted();
                });
    assertFound("no bugs", "planted", world -> later(server(world), throwing));
  }

  @Test
  void aReplyHandlerThatThrows() {
    assertFound(
        "no bugs",
        "planted",
        world -> {
          MemoryHost host = world.gateways().get(0).host();
          NodeAddress server = world.servers().get(0).address();
          RpcEndpoint endpoint = new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(1));
          later(
              host, on -> endpoint.peer(server).call(new GetClock(), SOON_NS, new ThrowingReply()));
        });
  }

  @Test
  void aLinkListenerThatThrows() {
    assertFound(
        "no bugs",
        "planted",
        world -> {
          NodeAddress manager = world.managers().get(0).address();
          later(server(world), on -> on.connect(manager, SOON_NS, new ThrowingLink()));
        });
  }

  @Test
  void aPeerThatIsCalledOnTheLoopOfAnother() {
    assertFound(
        "no bugs",
        "AssertionError",
        world -> {
          RpcEndpoint endpoint =
              new RpcEndpoint(server(world), null, RpcOptions.DEFAULT, new Random(1));
          Peer peer = endpoint.peer(world.managers().get(0).address());
          later(
              world.gateways().get(0).host(),
              on -> peer.call(new GetClock(), SOON_NS, new ThrowingReply()));
        });
  }

  @Test
  void timersThatMultiply() {
    assertFound("timers bounded", "at one host", world -> multiply(server(world), 11));
  }

  private static void multiply(MemoryHost host, int times) {
    if (times > 0) {
      host.schedule(SOON_NS, () -> multiply(host, times - 1));
      host.schedule(SOON_NS, () -> multiply(host, times - 1));
    }
  }

  private interface MemoryHostTask extends Consumer<MemoryHost> {}

  private static void later(MemoryHost host, MemoryHostTask task) {
    host.schedule(SOON_NS, () -> task.accept(host));
  }

  private static MemoryHost server(World world) {
    return world.servers().get(0).host();
  }
}
