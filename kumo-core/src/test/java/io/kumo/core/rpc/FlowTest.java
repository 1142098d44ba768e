package io.kumo.core.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bursts, clients that do not read, and what must not wait for them, over real sockets. */
class FlowTest {
  private static final int BURST = 5000;
  private static final int VALUE_BYTES = 1 << 20;
  private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();

  private final List<EventLoops> started = new ArrayList<>();
  private final ByteBuf value = Unpooled.wrappedBuffer(new byte[VALUE_BYTES]);
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger keptAlive = new AtomicInteger();
  private final AtomicBoolean answers = new AtomicBoolean(true);
  private final List<Replier> unanswered = new ArrayList<>();
  private RpcEndpoint server;
  private NodeAddress address;

  @BeforeEach
  void startServer() throws IOException {
    server = endpoint(new Identity(loopback(1), Role.SERVER, Capabilities.EXTENDED, 1));
    server.handle(
        Method.GET,
        Get.class,
        (m, caller, replier) -> {
          handled.incrementAndGet();
          replier.raw(value);
        });
    server.handle(Method.EXT_GET, ExtGet.class, this::answerLater);
    server.handle(
        Method.KEEP_ALIVE,
        KeepAlive.class,
        (m, caller, replier) -> {
          keptAlive.incrementAndGet();
          if (answers.get()) {
            replier.nil();
          }
        });
    address = server.listen(loopback(0));
  }

  private void answerLater(ExtGet message, Caller caller, Replier replier) {
    handled.incrementAndGet();
    unanswered.add(replier);
  }

  @AfterEach
  void stopAll() {
    started.forEach(EventLoops::close);
  }

  @Test
  void aClientThatDoesNotReadIsGivenNoMoreThanItsBound() throws IOException {
    try (Socket burst = burst(Method.GET)) {
      assertThat(burst.isConnected()).isTrue();
      await().until(() -> server.statistics().parks() > 0);
      keepAlive(100);

      // The kernel takes some: its buffers grow to a few MB on either side.
      assertThat(handled.get()).isLessThan(64);
      assertThat(server.statistics().unsentBytes())
          .isLessThanOrEqualTo(Limits.MAX_UNSENT_ANSWER_BYTES + 2L * VALUE_BYTES);
      assertThat(get(address)).isEqualTo(VALUE_BYTES);
    }
    await().until(() -> server.statistics().connections() == 2);
    assertThat(handled.get()).as("what nobody waits for is not looked up").isLessThan(64);
    await().until(() -> server.statistics().unsentBytes() == 0);
    await().until(() -> server.statistics().heldBytes() == 0);
  }

  @Test
  void aKeepaliveIsAnsweredBeforeABurstIsThrough() throws Exception {
    int[] read = new int[1];
    try (Socket burst = burst(Method.GET)) {
      Thread reader = new Thread(() -> read[0] = readAll(burst, BURST));
      reader.start();
      await().until(() -> handled.get() > 0);

      keepAlive(1);
      int handledBefore = handled.get();
      reader.join(PATIENCE_NS / 1_000_000);

      assertThat(handledBefore).isLessThan(BURST);
      assertThat(read[0]).isEqualTo(BURST);
      assertThat(server.statistics().cutTurns()).isPositive();
    }
  }

  @Test
  void manyClientsThatDoNotReadLeaveRoomForOneThatDoes() throws IOException {
    List<Socket> bursts = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        bursts.add(burst(Method.GET));
      }
      await().until(() -> server.statistics().parks() >= 50);
      assertThat(get(address)).isEqualTo(VALUE_BYTES);
      keepAlive(10);
      assertThat(server.statistics().unsentBytes())
          .isLessThanOrEqualTo(50L * (Limits.MAX_UNSENT_ANSWER_BYTES + 2L * VALUE_BYTES));
    } finally {
      for (Socket burst : bursts) {
        burst.close();
      }
    }
    await().until(() -> server.statistics().unsentBytes() == 0);
  }

  @Test
  void answersThatComeLaterWaitForTheClientToTakeTheOnesBefore() throws IOException {
    AtomicInteger given = new AtomicInteger();
    try (Socket burst = burst(Method.EXT_GET)) {
      await().until(() -> handled.get() == BURST);
      server
          .transport()
          .execute(
              () ->
                  unanswered.forEach(
                      replier ->
                          replier.whenTaken(
                              () -> {
                                given.incrementAndGet();
                                replier.raw(value);
                              })));
      await().until(() -> given.get() > 0);
      keepAlive(10);
      assertThat(given.get()).isLessThan(64);
      assertThat(readAll(burst, BURST)).isEqualTo(BURST);
    }
    assertThat(given.get()).isEqualTo(BURST);
  }

  @Test
  void whoIsGoneWantsNoAnswer() throws IOException {
    try (Socket burst = burst(Method.EXT_GET)) {
      await().until(() -> handled.get() == BURST);
      assertThat(burst.isConnected()).isTrue();
      assertThat(onLoop(() -> unanswered.get(0).isWanted())).isTrue();
    }
    await().until(() -> !onLoop(() -> unanswered.get(0).isWanted()));
  }

  @Test
  void whoSendsAnythingAtAllIsAlive() throws IOException {
    answers.set(false);
    RpcEndpoint manager = manager();
    AtomicInteger lost = new AtomicInteger();
    manager.addNodeListener(
        new NodeListener() {
          @Override
          public void nodeLost(Peer peer) {
            lost.incrementAndGet();
          }
        });
    long intervalNs = Duration.ofMillis(200).toNanos();
    Keepalive keepalive =
        new Keepalive(
            manager.transport(),
            manager.peer(address),
            new AdjustableInterval(intervalNs),
            () -> new KeepAlive(0, 0),
            aheadMs -> {});
    manager.transport().execute(() -> manager.peer(address).keepConnected());
    manager.transport().execute(keepalive::start);
    await().until(() -> keptAlive.get() > 0);
    Cancellable sending =
        server.transport().repeat(intervalNs / 8, "heartbeats", () -> sendBack(server, intervalNs));

    await().until(() -> keptAlive.get() > 3 * Keepalive.MISSED_LIMIT);
    assertThat(lost.get()).isZero();
    sending.cancel();

    await().until(() -> lost.get() > 0);
  }

  /** A request of the server's own over the connections that others opened. */
  private static void sendBack(RpcEndpoint from, long timeoutNs) {
    for (Peer peer : from.peers()) {
      if (peer.connected()) {
        peer.call(new KeepAlive(0, 0), timeoutNs, new Ignored());
      }
    }
  }

  private static final class Ignored implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {}
  }

  private static final class Length implements ReplyHandler {
    volatile int bytes = -1;

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      bytes = MsgPack.readRaw(result).readableBytes();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      bytes = -2;
    }
  }

  /** Has a manager's keepalives answered, one after the other. */
  private void keepAlive(int times) throws IOException {
    RpcEndpoint manager = manager();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    ReplyHandler next =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            if (answered.incrementAndGet() < times) {
              manager.peer(address).call(new KeepAlive(0, 0), PATIENCE_NS, this);
            }
          }

          @Override
          public void error(ErrorCode code, String detail) {
            failed.incrementAndGet();
          }
        };
    manager
        .transport()
        .execute(() -> manager.peer(address).call(new KeepAlive(0, 0), PATIENCE_NS, next));
    await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() == times);
    assertThat(failed.get()).isZero();
  }

  private int get(NodeAddress from) {
    RpcEndpoint gateway = endpoint(null);
    Length length = new Length();
    gateway
        .transport()
        .execute(
            () ->
                gateway
                    .peer(from)
                    .call(new Get(Unpooled.copiedBuffer("aaaaaaaak", UTF_8)), PATIENCE_NS, length));
    await().atMost(Duration.ofSeconds(60)).until(() -> length.bytes != -1);
    return length.bytes;
  }

  private boolean onLoop(java.util.function.BooleanSupplier question) {
    java.util.concurrent.CompletableFuture<Boolean> answer =
        new java.util.concurrent.CompletableFuture<>();
    server.transport().execute(() -> answer.complete(question.getAsBoolean()));
    return answer.join();
  }

  private RpcEndpoint manager() throws IOException {
    NodeAddress own = loopback(started.size() + 100);
    return endpoint(new Identity(own, Role.MANAGER, Capabilities.EXTENDED, started.size() + 1));
  }

  private RpcEndpoint endpoint(@org.jspecify.annotations.Nullable Identity identity) {
    EventLoops loops = new EventLoops("test", 1, IoKind.best());
    started.add(loops);
    return new RpcEndpoint(
        new NettyTransport(loops, TimeSource.system()),
        identity,
        RpcOptions.DEFAULT,
        new Random(started.size()));
  }

  /** Sends many requests at once and reads nothing. */
  private Socket burst(Method method) throws IOException {
    ByteBuf key = Unpooled.copiedBuffer("aaaaaaaak", UTF_8);
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < BURST; i++) {
      Frames.request(out, i, method == Method.GET ? new Get(key) : new ExtGet(key));
    }
    Socket socket = new Socket(address.host(), address.port());
    OutputStream stream = socket.getOutputStream();
    out.readBytes(stream, out.readableBytes());
    return socket;
  }

  /** How many answers come, up to a number. */
  private static int readAll(Socket socket, int answers) {
    int bytesAnAnswer = answerBytes();
    long left = (long) answers * bytesAnAnswer - idBytesSaved(answers);
    byte[] buffer = new byte[1 << 16];
    try {
      while (left > 0) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          break;
        }
        left -= read;
      }
    } catch (IOException e) {
      return -1;
    }
    return answers - (int) (left / bytesAnAnswer);
  }

  private static int answerBytes() {
    ByteBuf out = Unpooled.buffer();
    Frames.rawResponse(out, 1 << 15, Unpooled.wrappedBuffer(new byte[VALUE_BYTES]));
    return out.readableBytes();
  }

  /** Small ids are written in fewer bytes. */
  private static long idBytesSaved(int answers) {
    long saved = 0;
    for (int id = 0; id < answers; id++) {
      ByteBuf out = Unpooled.buffer();
      Frames.nilResponse(out, 1 << 15);
      int longest = out.readableBytes();
      out.clear();
      Frames.nilResponse(out, id);
      saved += longest - out.readableBytes();
    }
    return saved;
  }

  private static NodeAddress loopback(int port) {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, port);
  }
}
