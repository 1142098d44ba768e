package io.kumo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway without a cluster: what it counts, and what it writes to the log of -g. */
class FailureLogTest {
  private static final NodeAddress NOBODY = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);

  @TempDir Path directory;

  @Test
  void whatCannotBeDoneIsLoggedAndCountedOverAllLoops() throws Exception {
    Path file = directory.resolve("events");
    GatewayConfig config =
        GatewayConfig.of(
                new ManagerOptions(List.of(NOBODY)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withClients(McSettings.DEFAULT, new ClientLimits(100, 1 << 20, 1 << 20, 0, 8))
            .with(2, "");
    try (BinaryLog log = BinaryLog.open(file)) {
      FailureLog failures = new FailureLog(log, TimeSource.system());
      failures.started(config.managers().managers());
      try (Gateway gateway = Gateway.start(config, failures)) {
        int port = gateway.addresses().get(0).getPort();
        for (int i = 0; i < 8; i++) {
          ask(port);
        }
        assertThat(gateway.totals().get(GatewayMetric.ROUTING_FAILURES)).isEqualTo(24);
        assertThat(gateway.totals().get(GatewayMetric.TOTAL_CONNECTIONS)).isEqualTo(8);
        assertThat(gateway.totals().measurements())
            .anyMatch(m -> m.name().equals("kumo_gateway_failures_total") && m.value() == 24)
            .anyMatch(m -> m.name().equals("kumo_gateway_current_connections") && !m.growing())
            .allMatch(m -> m.help().endsWith("."));
      }
    }
    String events = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(events).contains("SW", "eg", "es", "ed", "lost-key", "lost-value");
  }

  private static void ask(int port) throws Exception {
    try (RawClient client = new RawClient(port)) {
      assertThat(client.ask("get lost-key\r\n")).isEqualTo("SERVER_ERROR get failed\r\n");
      assertThat(client.ask("set lost-key 0 0 10\r\nlost-value\r\n")).startsWith("SERVER_ERROR ");
      assertThat(client.ask("delete lost-key\r\n")).startsWith("SERVER_ERROR ");
    }
  }

  @Test
  void connectionsOfAllLoopsHaveOneBound() throws Exception {
    GatewayConfig config =
        GatewayConfig.of(
                new ManagerOptions(List.of(NOBODY)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withClients(McSettings.DEFAULT, new ClientLimits(100, 1 << 20, 1 << 20, 0, 5))
            .with(3, "");
    try (Gateway gateway = Gateway.start(config)) {
      int port = gateway.addresses().get(0).getPort();
      RawClient[] clients = new RawClient[5];
      for (int i = 0; i < clients.length; i++) {
        clients[i] = new RawClient(port);
        assertThat(clients[i].ask("version\r\n")).startsWith("VERSION ");
      }
      try (RawClient more = new RawClient(port)) {
        assertThat(more.rest()).isEqualTo("ERROR Too many open connections\r\n");
      }
      assertThat(clients[0].ask("stats conns\r\n").split(":addr", -1)).hasSize(6);
      assertThat(gateway.totals().get(GatewayMetric.REJECTED_CONNECTIONS)).isEqualTo(1);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
