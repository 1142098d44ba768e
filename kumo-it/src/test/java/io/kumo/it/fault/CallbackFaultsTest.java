package io.kumo.it.fault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Transport;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.it.cost.LocalCluster;
import io.kumo.it.process.TextClient;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Throws in every kind of callback of the nodes of a running cluster. Each time there is one line
 * in the log, one more bug in the metrics of the node, at most one connection closed, nobody marked
 * fault, and clients are served as before.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CallbackFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** No more bugs are logged in a second than {@link Guard} allows, however fast the machine is. */
  private static final Duration PACE = Duration.ofMillis(150);

  private static final Map<String, FaultyTransport> NODES = new HashMap<>();
  private static final ShownNodes SHOWN = new ShownNodes();

  @TempDir static Path directory;
  private static LocalCluster cluster;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final long bugsBefore = Guard.ofProcess().bugs();
  private TextClient client;

  @BeforeAll
  static void up() throws IOException {
    cluster =
        new LocalCluster(
            directory,
            new LocalCluster.Wiring() {
              @Override
              public Transport network(String name, Transport real) {
                return NODES.computeIfAbsent(name, unused -> new FaultyTransport(real));
              }

              @Override
              public FsyncPolicy fsync() {
                return FsyncPolicy.ALWAYS;
              }
            });
    SHOWN.add("manager", cluster.manager()::measurements);
    SHOWN.add("server-0", cluster.servers().get(0)::measurements);
    SHOWN.add("streams-0", cluster.servers().get(0)::measurements);
    SHOWN.add("gateway", cluster.gateway()::measurements);
  }

  @AfterAll
  static void down() {
    SHOWN.close();
    cluster.close();
    NODES.clear();
  }

  @BeforeEach
  void listen() throws IOException {
    await().pollDelay(PACE).until(() -> true);
    client = new TextClient(cluster.clientAddress().getPort());
    assertThat(client.set("key", "before")).isEqualTo("STORED");
    logged.start();
    logger.addAppender(logged);
    // The simulator's tests leave logging off behind them.
    logger.setLevel(Level.ERROR);
  }

  @AfterEach
  void stopListening() throws IOException {
    logger.detachAppender(logged);
    logger.setLevel(null);
    client.close();
  }

  static Stream<Arguments> callbacks() {
    return Stream.of("manager", "server-0", "streams-0", "gateway")
        .flatMap(
            node -> {
              EnumSet<Callback> all = EnumSet.allOf(Callback.class);
              if (node.equals("gateway")) {
                all.remove(Callback.ACCEPTED);
              } else if (node.equals("streams-0")) {
                all.remove(Callback.REPEATED);
              }
              return all.stream().map(callback -> Arguments.of(node, callback));
            });
  }

  @ParameterizedTest
  @MethodSource("callbacks")
  @Order(1)
  void aCallbackThatThrowsIsToldAndCostsAConnectionAtMost(String name, Callback callback)
      throws Exception {
    FaultyTransport node = NODES.get(name);
    int endedBefore = node.ended();
    node.plant(callback);
    int closedHere = provoke(name, node, callback);
    assertTold(name, callback.kind());
    assertThat(node.ended() - endedBefore).isLessThanOrEqualTo(1 + closedHere);
    assertServing();
  }

  /** What does not come by itself is brought about; returns how many connections that closes. */
  private int provoke(String name, FaultyTransport node, Callback callback) throws IOException {
    switch (callback) {
      case TASK -> node.execute(() -> {});
      case TIMER -> node.schedule(1, () -> {});
      case BATCH_END -> node.execute(() -> node.atBatchEnd(() -> {}));
      case REPEATED -> {}
      case ACCEPTED, OPENED, RECEIVED, CLOSED -> {
        return name.equals("gateway") ? reconnect(node, callback) : knock(name, node, callback);
      }
    }
    return 0;
  }

  private int reconnect(FaultyTransport gateway, Callback callback) throws IOException {
    if (callback != Callback.RECEIVED) {
      gateway.closeOne();
    }
    for (int i = 0; i < 1000 && !gateway.hasThrown(); i++) {
      assertThat(client.set("key-" + i, "value")).isEqualTo("STORED");
    }
    return callback == Callback.OPENED ? 1 : 0;
  }

  private static int knock(String name, FaultyTransport node, Callback callback)
      throws IOException {
    boolean busy = callback == Callback.RECEIVED && !name.startsWith("streams");
    if (busy) {
      return 0;
    }
    try (Socket stranger = new Socket()) {
      stranger.connect(address(name).toSocketAddress());
      if (callback == Callback.RECEIVED) {
        stranger.getOutputStream().write(new byte[] {0});
      }
      if (callback != Callback.CLOSED) {
        await().atMost(PATIENCE).until(node::hasThrown);
      }
    }
    return 0;
  }

  private static NodeAddress address(String name) {
    return switch (name) {
      case "manager" -> cluster.managerAddress();
      case "server-0" -> cluster.server(0).self();
      case "streams-0" -> cluster.server(0).stream();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static final class ThrowingReply implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {
      throw FaultyTransport.thrown();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      throw FaultyTransport.thrown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"manager", "server-0", "gateway"})
  @Order(1)
  void aReplyHandlerThatThrowsIsToldAndCostsNothing(String name) throws Exception {
    FaultyTransport node = NODES.get(name);
    int endedBefore = node.ended();
    RpcEndpoint endpoint = new RpcEndpoint(node, null, RpcOptions.DEFAULT, new Random(1));
    NodeAddress other = cluster.server(1).self();
    node.execute(
        () -> endpoint.peer(other).call(new GetClock(), PATIENCE.toNanos(), new ThrowingReply()));
    assertTold(name, "reply handler");
    assertThat(node.ended()).isEqualTo(endedBefore);
    assertServing();
    node.execute(endpoint::close);
  }

  /** Who hears of nodes after it is told all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"manager", "server-0"})
  @Order(1)
  void aListenerForNodesThatThrowsIsToldAndOthersHearOfTheNode(String name) throws Exception {
    AtomicBoolean throwsNext = new AtomicBoolean(true);
    NodeListener throwing =
        new NodeListener() {
          @Override
          public void nodeAppeared(Peer peer) {
            if (throwsNext.compareAndSet(true, false)) {
              throw FaultyTransport.thrown();
            }
          }
        };
    AtomicInteger appeared = new AtomicInteger();
    NodeListener hearing =
        new NodeListener() {
          @Override
          public void nodeAppeared(Peer peer) {
            appeared.incrementAndGet();
          }
        };
    for (NodeListener listener : List.of(throwing, hearing)) {
      if (name.equals("manager")) {
        cluster.manager().addNodeListener(listener);
      } else {
        cluster.servers().get(0).addNodeListener(listener);
      }
    }
    Identity stranger =
        new Identity(
            NodeAddress.of(new byte[] {127, 0, 0, 99}, 9), Role.SERVER, Capabilities.EXTENDED, 7);
    FaultyTransport node = NODES.get("gateway");
    RpcEndpoint endpoint = new RpcEndpoint(node, stranger, RpcOptions.DEFAULT, new Random(1));
    node.execute(() -> endpoint.peer(address(name)).keepConnected());
    await().atMost(PATIENCE).until(() -> appeared.get() == 1);
    assertTold(name, "node listener");
    assertServing();
    node.execute(endpoint::close);
  }

  /** The gateway asks again, or another replica. */
  @Test
  @Order(1)
  void aServersRequestHandlerThatThrowsIsToldAndTheGatewayAsksAgain() throws Exception {
    for (String name : List.of("server-0", "server-1", "server-2")) {
      NODES.get(name).plantInClass("LiveRecords");
    }
    for (int i = 0; i < 100; i++) {
      assertThat(client.line("set read-" + i + " 0 100 5\r\nvalue\r\n")).isEqualTo("STORED");
      assertThat(client.get("read-" + i)).isEqualTo("value");
    }
    assertTold("server-0", "request", 3);
    assertServing();
  }

  @Test
  @Order(1)
  void aManagersRequestHandlerThatThrowsIsToldAndTheNextIsAnswered() throws Exception {
    FaultyTransport manager = NODES.get("manager");
    int endedBefore = manager.ended();
    McSettings allowed = new McSettings("1.6.27", 1 << 20, 100, true, false);
    InetSocketAddress gateway =
        cluster.startGateway(config -> config.withClients(allowed, ClientLimits.DEFAULT));
    try (TextClient operator = new TextClient(gateway.getPort())) {
      manager.plantInClass("FlushControl");
      assertThat(operator.line("flush_all 3600\r\n")).startsWith("SERVER_ERROR");
      assertTold("manager", "request");
      assertThat(manager.ended() - endedBefore).isLessThanOrEqualTo(1);
      assertServing();
      assertThat(operator.line("flush_all 3600\r\n")).isEqualTo("OK");
    }
  }

  @Test
  @Order(1)
  void aClientsRequestThatThrowsCostsThisClientAlone() throws Exception {
    try (TextClient other = new TextClient(cluster.clientAddress().getPort())) {
      assertThat(other.get("key")).isEqualTo("before");
      NODES.get("gateway").plantInClass("ClientConnection");
      assertThat(await().until(() -> endsOn(other, "get key\r\n"), ended -> ended)).isTrue();
    }
    assertTold("gateway", "client");
    assertThat(SHOWN.metric("gateway", "kumo_gateway_bugs_total")).isPositive();
    assertServing();
  }

  private static boolean endsOn(TextClient client, String request) throws IOException {
    try {
      client.line(request);
      return false;
    } catch (EOFException e) {
      return true;
    }
  }

  @Test
  @Order(1)
  void aListenerOfTheStoreThatThrowsIsToldAndTheThreadGoesOn() throws Exception {
    MapDbStore store = cluster.stores().get(0);
    store.whenDurable(
        store.position() + 1,
        Runnable::run,
        failure -> {
          throw FaultyTransport.thrown();
        });
    for (int i = 0; i < 20; i++) {
      assertThat(client.set("durable-" + i, "value")).isEqualTo("STORED");
    }
    assertTold("server-0", "sync listener");
    store.putState(
        "planted",
        "state".getBytes(US_ASCII),
        Runnable::run,
        failure -> {
          throw FaultyTransport.thrown();
        });
    await().atMost(PATIENCE).until(() -> Guard.ofProcess().bugs() - bugsBefore == 2);
    store.putState("planted", "later".getBytes(US_ASCII));
    assertThat(store.state("planted")).isEqualTo("later".getBytes(US_ASCII));
    assertServing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manager", "server-0", "gateway"})
  @Order(1)
  void metricsThatThrowAreToldAndShownTheNextTime(String name) throws Exception {
    SHOWN.throwNext();
    assertThat(SHOWN.ask(name).statusCode()).isEqualTo(500);
    assertTold(name, "http");
    assertThat(SHOWN.ask(name).statusCode()).isEqualTo(200);
    assertServing();
  }

  /** Whoever watches the servers has come through all of it. */
  @Test
  @Order(2)
  void aServerThatStopsIsNoticedAfterAllThat() throws Exception {
    cluster.servers().get(2).stop().join();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster.gateway().view().spaces().write().nodes().stream()
                    .anyMatch(node -> !node.active()));
    for (int i = 0; i < 20; i++) {
      assertThat(client.set("after-" + i, "value")).isEqualTo("STORED");
      assertThat(client.get("after-" + i)).isEqualTo("value");
    }
  }

  private void assertTold(String node, String kind) throws Exception {
    assertTold(node, kind, 1);
  }

  private void assertTold(String node, String kind, int times) throws Exception {
    await()
        .atMost(PATIENCE)
        .until(() -> SHOWN.metric(node, "kumo_bugs_total") - bugsBefore >= times);
    assertThat(SHOWN.metric(node, "kumo_bugs_total") - bugsBefore).isEqualTo(times);
    assertThat(List.copyOf(logged.list))
        .hasSize(times)
        .allMatch(line -> line.getFormattedMessage().startsWith("a bug in " + kind + " of "))
        .allMatch(line -> line.getThrowableProxy().getMessage().equals("planted by a test"));
  }

  private void assertServing() throws IOException {
    long bugs = Guard.ofProcess().bugs();
    assertThat(client.set("key", "after")).isEqualTo("STORED");
    assertThat(client.get("key")).isEqualTo("after");
    try (TextClient newcomer = new TextClient(cluster.clientAddress().getPort())) {
      assertThat(newcomer.get("key")).isEqualTo("after");
    }
    assertThat(cluster.gateway().view().spaces().write().nodes()).allMatch(Node::active);
    assertThat(Guard.ofProcess().bugs()).isEqualTo(bugs);
  }
}
