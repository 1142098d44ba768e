package io.kumo.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.net.TcpKeepalive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The kernel watches the connections of clients, so that those who vanish do not stay for ever. */
class KeepaliveTest {
  private static final List<Path> SOCKETS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /** In the table of sockets: this one's timer is that of keepalive. */
  private static final String KEEPALIVE = "02";

  private static final int TICKS_PER_SECOND = 100;

  @Test
  void aSilentClientIsAskedForWithinAMinute() throws Exception {
    assumeTrue(SOCKETS.stream().allMatch(Files::isReadable), "Linux shows the timers of sockets");
    NodeAddress nobody = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    GatewayConfig config =
        GatewayConfig.of(new ManagerOptions(List.of(nobody)), new InetSocketAddress(loopback, 0));
    try (Gateway gateway = Gateway.start(config);
        Socket client = new Socket(loopback, gateway.addresses().get(0).getPort())) {
      client.getOutputStream().write(new byte[] {'m', 'n', '\r', '\n'});
      assertThat(client.getInputStream().readNBytes(4)).hasSize(4);
      String[] timer = timer(client.getPort(), client.getLocalPort());
      assertThat(timer[0]).isEqualTo(KEEPALIVE);
      assertThat(Long.parseLong(timer[1], 16))
          .isLessThanOrEqualTo(TcpKeepalive.IDLE.toSeconds() * TICKS_PER_SECOND);
    }
  }

  /** The kind of the timer of a socket and when it is due; numbers in hexadecimal. */
  private static String[] timer(int localPort, int remotePort) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X", localPort);
    String remote = String.format(Locale.ROOT, ":%04X", remotePort);
    for (Path file : SOCKETS) {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields[1].endsWith(local) && fields[2].endsWith(remote)) {
          return fields[5].split(":", -1);
        }
      }
    }
    throw new AssertionError("no such socket: " + localPort + " to " + remotePort);
  }
}
