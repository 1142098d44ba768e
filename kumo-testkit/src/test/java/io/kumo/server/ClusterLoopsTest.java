package io.kumo.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Transport;
import io.kumo.gateway.Gateway;
import io.kumo.gateway.GatewayConfig;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreOptions;
import io.netty.buffer.ByteBuf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No loop of a manager, a server or a gateway blocks, whatever a cluster goes through. */
class ClusterLoopsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final EventLoops managerLoops = new EventLoops("manager", 1, IoKind.best());
  private final EventLoops operatorLoops = new EventLoops("operator", 1, IoKind.best());
  private final NodeAddress managerAddress = freeAddress();
  private final List<ServerConfig> configs = new ArrayList<>();
  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<Transport> loops = new ArrayList<>();
  private ManagerNode manager;
  private Gateway gateway;
  private RpcEndpoint operator;
  @TempDir Path folder;

  @BeforeAll
  static void watch() {
    BlockingCalls.watch();
  }

  @AfterEach
  void stop() {
    gateway.close();
    servers.forEach(ServerProcess::close);
    manager.close();
    managerLoops.close();
    operatorLoops.close();
    BlockingCalls.assertNone();
  }

  @Test
  void noLoopBlocksWhileAClusterIsMadeUsedLosesAServerAndMovesRecords() throws Exception {
    BlockingCalls.foundAndForgotten();
    startManagerAndGateway();
    for (int i = 0; i < 3; i++) {
      start(i);
    }
    attachUntil(spaces -> isActive(spaces, 3));
    try (Client client = new Client(gateway.addresses().get(0))) {
      client.use("first");
      servers.remove(2).close();
      await().atMost(PATIENCE).until(() -> !isActive(gateway.view().spaces(), 3));
      client.use("with one away");
      start(2);
      attachUntil(spaces -> isActive(spaces, 3));
      client.use("with all again");
      start(3);
      attachUntil(spaces -> isActive(spaces, 4));
      client.use("moved");
      assertThat(client.ask("flush_all 3600\r\n")).isEqualTo("OK");
      assertThat(client.lines("stats\r\n")).contains("STAT curr_connections 1");
      assertThat(client.lines("stats servers\r\n")).isNotEmpty();
    }
    BlockingCalls.assertNone();
  }

  @Test
  void aCallThatBlocksALoopIsNoticed() throws Exception {
    BlockingCalls.foundAndForgotten();
    startManagerAndGateway();
    for (Transport loop : loops) {
      CountDownLatch blocked = new CountDownLatch(1);
      loop.execute(
          () -> {
            LockSupport.parkNanos(1);
            blocked.countDown();
          });
      assertThat(blocked.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(BlockingCalls.foundAndForgotten()).isPositive();
    }
  }

  private static boolean isActive(HashSpaces spaces, int count) {
    List<Node> nodes = spaces.write().nodes();
    return nodes.size() == count && nodes.stream().allMatch(Node::active) && !spaces.rebalancing();
  }

  private void startManagerAndGateway() throws IOException {
    TimeSource time = TimeSource.system();
    loops.add(new NettyTransport(managerLoops, time));
    ManagerConfig alone = ManagerConfig.of(managerAddress, null);
    manager = ManagerNode.start(alone, loops.get(0), new Random(1));
    InetSocketAddress clients = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    McSettings flushing = new McSettings("1.6.27", 1 << 20, 1000, true, false);
    gateway =
        Gateway.start(
            GatewayConfig.of(new ManagerOptions(List.of(managerAddress)), clients)
                .withNearCache(1 << 20)
                .withClients(flushing, ClientLimits.DEFAULT),
            loop -> {
              loops.add(loop);
              return loop;
            });
    NettyTransport transport = new NettyTransport(operatorLoops, time);
    operator = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, new Random(2));
  }

  private void start(int index) throws IOException {
    if (index == configs.size()) {
      configs.add(ServerConfig.of(freeAddress(), freeAddress(), List.of(managerAddress)));
    }
    StoreOptions options = StoreOptions.small().withFsync(FsyncPolicy.ALWAYS);
    Path store = folder.resolve("store-" + index);
    servers.add(ServerProcess.start(configs.get(index), store, options, RpcOptions.DEFAULT));
  }

  private void attachUntil(Predicate<HashSpaces> reached) {
    ReplyHandler ignored =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {}
        };
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              HashSpaces now = gateway.view().spaces();
              if (!reached.test(now) && !now.rebalancing()) {
                operator
                    .transport()
                    .execute(
                        () ->
                            operator
                                .peer(managerAddress)
                                .call(
                                    new AttachNewServers(true, false),
                                    TimeUnit.SECONDS.toNanos(5),
                                    ignored));
              }
              return reached.test(now);
            });
  }

  /** A memcached client that does a bit of everything. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Client(InetSocketAddress address) throws IOException {
      socket = new Socket(address.getAddress(), address.getPort());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    String ask(String request) throws IOException {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return in.readLine();
    }

    /** Up to END, without it. */
    List<String> lines(String request) throws IOException {
      List<String> lines = new ArrayList<>();
      for (String line = ask(request); !line.equals("END"); line = in.readLine()) {
        lines.add(line);
      }
      return lines;
    }

    /** What is stored before an answer may fail is stored again. */
    void use(String name) {
      await().atMost(PATIENCE).until(() -> set(name, 10).equals("STORED"));
      String prefix = name.replace(' ', '-');
      for (int i = 0; i < 200; i++) {
        String key = prefix + i;
        int length = i % 50 == 0 ? 900_000 : 100;
        await().atMost(PATIENCE).until(() -> set(key, length).equals("STORED"));
      }
      try {
        assertThat(lines("get " + prefix + "1 " + prefix + "2\r\n")).hasSize(4);
        assertThat(lines("get " + prefix + "1\r\n")).hasSize(2);
        assertThat(ask("delete " + prefix + "3\r\n")).isEqualTo("DELETED");
        assertThat(ask("set n 0 0 1\r\n1\r\n")).isEqualTo("STORED");
        assertThat(ask("incr n 1\r\n")).isEqualTo("2");
        assertThat(ask("touch n 100\r\n")).isEqualTo("TOUCHED");
        assertThat(ask("mg n t\r\n")).startsWith("HD t");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String set(String key, int length) throws IOException {
      String name = key.replace(' ', '-');
      return ask("set " + name + " 0 0 " + length + "\r\n" + "x".repeat(length) + "\r\n");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static NodeAddress freeAddress() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return NodeAddress.of(new byte[] {127, 0, 0, 1}, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
