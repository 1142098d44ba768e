package io.kumo.it.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.it.process.FreePorts;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerProcess;
import io.kumo.server.store.StoreOptions;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A manager and a server in this process, so that what they hold can be told: at each of their
 * ports strangers who do not go away have them hold little, however much they send.
 */
class StrangersMemoryTest {
  private static final String SECRET = "the secret of this cluster";
  private static final int STRANGERS = 2 * Limits.MAX_HANDSHAKES;
  private static final int SENT_BYTES = 1 << 16;

  /** A quarter of what the strangers at a port have sent, of whom half are there still. */
  private static final long MAX_GROWTH_BYTES = STRANGERS * (long) SENT_BYTES / 4;

  @TempDir Path directory;

  private final List<NodeAddress> ports = List.of(free(), free(), free());
  private EventLoops loops;
  private ManagerNode manager;
  private ServerProcess server;

  private static NodeAddress free() {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, FreePorts.one());
  }

  private static ClusterSecurity security(LinkRole role) {
    ClusterSecrets secrets = new ClusterSecrets(List.of(new Secret(SECRET.getBytes(US_ASCII))));
    return new ClusterSecurity(
        role, () -> secrets, null, AllowedOriginals.NONE, TimeSource.system());
  }

  @BeforeEach
  void start() throws IOException {
    loops = new EventLoops("manager", 1, IoKind.best());
    manager =
        ManagerNode.start(
            ManagerConfig.of(ports.get(0), null),
            new NettyTransport(loops, TimeSource.system()).secured(security(LinkRole.MANAGER)),
            new Random(1));
    server =
        ServerProcess.start(
            ServerConfig.of(ports.get(1), ports.get(2), List.of(ports.get(0))),
            directory.resolve("store"),
            StoreOptions.small(),
            RpcOptions.DEFAULT,
            security(LinkRole.SERVER));
  }

  @AfterEach
  void stop() {
    server.close();
    manager.close();
    loops.close();
  }

  @Test
  void whatStrangersHaveNodesHoldIsBounded() throws Exception {
    List<byte[]> attempts = attempts();
    for (NodeAddress port : ports) {
      assertServed(port);
      long heapBefore = heapBytes();
      long directBefore = directBytes();
      List<Socket> strangers = new ArrayList<>();
      try {
        for (int i = 0; i < STRANGERS; i++) {
          Socket stranger = new Socket(port.host(), port.port());
          strangers.add(stranger);
          sendAsFarAsTaken(stranger, attempts.get(i % attempts.size()));
        }
        assertServed(port);
        assertThat(heapBytes() - heapBefore).as("heap, " + port).isLessThan(MAX_GROWTH_BYTES);
        assertThat(directBytes() - directBefore).as("direct, " + port).isLessThan(MAX_GROWTH_BYTES);
      } finally {
        for (Socket stranger : strangers) {
          stranger.close();
        }
      }
    }
  }

  /** Each as long as the others; some could be the beginning of a handshake for a while. */
  private static List<byte[]> attempts() throws Exception {
    List<byte[]> attempts = new ArrayList<>();
    attempts.add(filled("KUMO\1H\4\1".getBytes(US_ASCII)));
    attempts.add(filled(Stranger.hello(4, 0)));
    attempts.add(filled(Stranger.join(Stranger.hello(1, 0), new byte[] {'P'})));
    attempts.add(Stranger.hello(2, 0));
    attempts.add("KUMO".getBytes(US_ASCII));
    Stranger.noise(new Random(2)).values().forEach(noise -> attempts.add(filled(noise)));
    return attempts;
  }

  private static byte[] filled(byte[] start) {
    return start.length >= SENT_BYTES
        ? start
        : Stranger.join(start, new byte[SENT_BYTES - start.length]);
  }

  private static void sendAsFarAsTaken(Socket socket, byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException e) {
      assertThat(e).as("it has closed").hasMessageMatching("(?s).*(reset|pipe|abort).*");
    }
  }

  /** Who has the secret is welcome, however many have not. */
  private static void assertServed(NodeAddress port) throws IOException {
    try (Socket socket = new Socket(port.host(), port.port())) {
      byte[] hello = Stranger.hello(4, 0);
      socket.getOutputStream().write(hello);
      byte[] challenge = socket.getInputStream().readNBytes(Stranger.HELLO_BYTES);
      socket.getOutputStream().write(Stranger.proof(SECRET, hello, challenge));
      assertThat(socket.getInputStream().read()).isEqualTo('W');
    }
  }

  /** What is reachable, as the heap's pools have it after a collection. */
  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  /** Of the JDK's buffers, and of Netty's, which are no buffers to the JDK. */
  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum()
        + Math.max(0, PlatformDependent.usedDirectMemory());
  }
}
