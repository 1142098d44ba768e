package io.kumo.core.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Throws in every kind of callback of a real loop: it is told, counted, and all else goes on. */
class GuardedCallbacksTest {
  private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

  private final EventLoops loops = new EventLoops("test", 2, IoKind.best());
  private final NettyTransport transport = new NettyTransport(loops, TimeSource.system());
  private final NettyTransport other = new NettyTransport(loops, TimeSource.system());
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final long bugsBefore = Guard.ofProcess().bugs();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void stop() {
    loops.close();
    logger.detachAppender(appender);
  }

  private static IllegalStateException planted() {
    return new IllegalStateException("planted by a test");
  }

  private static void until(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
  }

  private void assertTold(int bugs, String kind) {
    until(() -> Guard.ofProcess().bugs() - bugsBefore >= bugs && logged.size() >= bugs);
    assertThat(Guard.ofProcess().bugs() - bugsBefore).isEqualTo(bugs);
    assertThat(logged).allMatch(line -> line.startsWith("a bug in " + kind + " of "));
  }

  @Test
  void aTask() {
    transport.execute(
        () -> {
          throw planted();
        });
    transport.execute(() -> seen.add("next"));
    until(() -> seen.contains("next"));
    assertTold(1, "task");
  }

  @Test
  void aTimer() {
    transport.schedule(
        0,
        () -> {
          throw planted();
        });
    transport.schedule(1000, () -> seen.add("next"));
    until(() -> seen.contains("next"));
    assertTold(1, "timer");
  }

  @Test
  void workThatIsRepeated() {
    AtomicInteger runs = new AtomicInteger();
    transport.repeat(
        1000,
        "the test",
        () -> {
          if (runs.incrementAndGet() <= 3) {
            throw planted();
          }
        });
    until(() -> runs.get() > 5);
    assertTold(3, "timer");
    assertThat(logged).containsOnly("a bug in timer of the test");
  }

  @Test
  void aTaskAtTheEndOfABatch() {
    transport.execute(
        () -> {
          transport.atBatchEnd(
              () -> {
                throw new AssertionError("planted by a test");
              });
          transport.atBatchEnd(() -> seen.add("next"));
        });
    until(() -> seen.contains("next"));
    transport.execute(() -> transport.atBatchEnd(() -> seen.add("next batch")));
    until(() -> seen.contains("next batch"));
    assertTold(1, "end of a batch");
  }

  /** Throws where it is told to. */
  private final class Hostile implements LinkListener {
    private final String where;

    Hostile(String where) {
      this.where = where;
    }

    private void hear(String event) {
      seen.add(where + " " + event);
      if (event.equals(where)) {
        throw planted();
      }
    }

    @Override
    public void opened(Link link) {
      link.out().writeByte(1);
      hear("opened");
    }

    @Override
    public void connectFailed(Throwable cause) {
      hear("connectFailed");
    }

    @Override
    public void received(ByteBuf in) {
      in.skipBytes(in.readableBytes());
      hear("received");
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      hear("closed");
    }
  }

  /** Answers each byte with one, and closes when told. */
  private static final class Echo implements LinkListener {
    private @Nullable Link link;

    @Override
    public void opened(Link opened) {
      link = opened;
    }

    @Override
    public void received(ByteBuf in) {
      if (link != null) {
        link.out().writeBytes(in);
      }
    }

    @Override
    public void closed(@Nullable Throwable cause) {}
  }

  private NodeAddress echo() throws IOException {
    return other.listen(NodeAddress.of(new byte[] {127, 0, 0, 1}, 0), Echo::new).address();
  }

  private void connect(NodeAddress remote, LinkListener listener) {
    transport.execute(() -> transport.connect(remote, 10 * SECOND_NS, listener));
  }

  @Test
  void aLinkThatThrowsIsClosedAndItsNeighbourIsNot() throws IOException {
    NodeAddress echo = echo();
    connect(echo, new Hostile("never"));
    until(() -> seen.contains("never received"));
    for (String where : List.of("opened", "received")) {
      connect(echo, new Hostile(where));
      until(() -> seen.contains(where + " closed"));
    }
    assertTold(2, "link");
    assertThat(seen).doesNotContain("never closed");
    connect(echo, new Hostile("later"));
    until(() -> seen.contains("later received"));
  }

  @Test
  void aLinkThatThrowsAtItsEnd() throws IOException {
    Listening listening =
        other.listen(
            NodeAddress.of(new byte[] {127, 0, 0, 1}, 0),
            () ->
                new LinkListener() {
                  @Override
                  public void opened(Link link) {
                    link.close();
                  }

                  @Override
                  public void received(ByteBuf in) {}

                  @Override
                  public void closed(@Nullable Throwable cause) {}
                });
    connect(listening.address(), new Hostile("closed"));
    until(() -> seen.contains("closed closed"));
    assertTold(1, "link");
  }

  @Test
  void whoHearsThatAConnectFailed() throws IOException {
    connect(freeAddress(), new Hostile("connectFailed"));
    until(() -> seen.contains("connectFailed connectFailed"));
    assertTold(1, "task");
  }

  @Test
  void whoMakesAListenerForWhatWasAccepted() throws IOException {
    AtomicInteger made = new AtomicInteger();
    Listening listening =
        other.listen(
            NodeAddress.of(new byte[] {127, 0, 0, 1}, 0),
            () -> {
              if (made.incrementAndGet() == 1) {
                throw planted();
              }
              return new Echo();
            });
    connect(listening.address(), new Hostile("first"));
    until(() -> seen.contains("first closed"));
    connect(listening.address(), new Hostile("second"));
    until(() -> seen.contains("second received"));
    assertTold(1, "accepting");
  }

  /** Notes what it hears, then throws if it is hostile. */
  private final class Reply implements ReplyHandler {
    private final String name;
    private final boolean hostile;

    Reply(String name, boolean hostile) {
      this.name = name;
      this.hostile = hostile;
    }

    @Override
    public void reply(ByteBuf result) {
      seen.add(name + " reply");
      throwIfHostile();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      seen.add(name + " " + code);
      throwIfHostile();
    }

    private void throwIfHostile() {
      if (hostile) {
        throw planted();
      }
    }
  }

  private RpcEndpoint server(NodeAddress address) throws IOException {
    Identity identity = new Identity(address, Role.SERVER, Capabilities.EXTENDED, 7);
    RpcEndpoint server = new RpcEndpoint(other, identity, RpcOptions.DEFAULT, new Random(1));
    server.handle(Method.GET, Get.class, (Get m, Caller caller, Replier r) -> r.raw(m.key()));
    server.handle(Method.GET_NODES_INFO, GetNodesInfo.class, (m, caller, reply) -> {});
    server.listen(address);
    return server;
  }

  private static Get get() {
    return new Get(Unpooled.copiedBuffer("12345678key", UTF_8));
  }

  /** The answers come in one read; the connection stays, so that later calls are answered. */
  @Test
  void aReplyHandlerLosesNoNeighbourItsAnswer() throws IOException {
    NodeAddress address = freeAddress();
    server(address);
    RpcEndpoint client = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, new Random(2));
    transport.execute(
        () -> {
          Peer peer = client.peer(address);
          peer.call(get(), 10 * SECOND_NS, new Reply("hostile", true));
          peer.call(get(), 10 * SECOND_NS, new Reply("neighbour", false));
        });
    until(() -> seen.contains("neighbour reply"));
    assertTold(1, "reply handler");
    transport.execute(() -> client.peer(address).call(get(), SECOND_NS, new Reply("later", false)));
    until(() -> seen.contains("later reply"));
    assertThat(seen).contains("hostile reply").doesNotContain("hostile TRANSPORT_LOST");
  }

  @Test
  void aHandlerThatIsToldOfATimeoutLeavesTheOthersTheirs() throws IOException {
    NodeAddress address = freeAddress();
    server(address);
    RpcEndpoint client = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, new Random(2));
    transport.execute(
        () -> {
          Peer peer = client.peer(address);
          peer.call(new GetNodesInfo(), SECOND_NS / 10, new Reply("hostile", true));
          peer.call(new GetNodesInfo(), SECOND_NS / 10, new Reply("neighbour", false));
        });
    until(() -> seen.contains("neighbour TIMEOUT"));
    transport.execute(
        () ->
            client
                .peer(address)
                .call(new GetNodesInfo(), SECOND_NS / 10, new Reply("later", false)));
    until(() -> seen.contains("later TIMEOUT"));
    assertTold(1, "reply handler");
  }

  @Test
  void aNodeListenerLeavesTheOthersTheirNews() throws IOException {
    NodeAddress address = freeAddress();
    NodeAddress mine = freeAddress();
    server(address);
    Identity identity = new Identity(mine, Role.MANAGER, Capabilities.EXTENDED, 8);
    RpcEndpoint manager = new RpcEndpoint(transport, identity, RpcOptions.DEFAULT, new Random(2));
    manager.addNodeListener(
        new NodeListener() {
          @Override
          public void nodeAppeared(Peer peer) {
            throw planted();
          }

          @Override
          public void nodeLost(Peer peer) {
            throw planted();
          }
        });
    manager.addNodeListener(
        new NodeListener() {
          @Override
          public void nodeAppeared(Peer peer) {
            seen.add("appeared");
          }

          @Override
          public void nodeLost(Peer peer) {
            seen.add("lost");
          }
        });
    transport.execute(() -> manager.peer(address).keepConnected());
    until(() -> seen.contains("appeared"));
    transport.execute(() -> manager.peer(address).letGo("a test"));
    until(() -> seen.contains("lost"));
    assertTold(2, "node listener");
  }

  private static NodeAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return NodeAddress.of(new byte[] {127, 0, 0, 1}, socket.getLocalPort());
    }
  }
}
