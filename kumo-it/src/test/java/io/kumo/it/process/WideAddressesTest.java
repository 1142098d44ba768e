package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster all of whose addresses are IPv6: two servers, so that they replicate and copy. */
class WideAddressesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private static String address() {
    return "[::1]:" + port();
  }

  private static InetAddress loopback() throws IOException {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    return InetAddress.getByAddress(bytes);
  }

  private static int port() {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KumoProcess start(String name, String mainClass, String... arguments) {
    return KumoProcess.start(directory.resolve(name + ".log"), mainClass, List.of(arguments));
  }

  private KumoProcess server(String manager, String address) {
    String store = directory.resolve("store" + address.hashCode()).toString();
    return start(
        "server" + address.hashCode(),
        "io.kumo.server.ServerMain",
        "-v",
        "-m",
        manager,
        "-l",
        address,
        "-L",
        address(),
        "-s",
        store);
  }

  @Test
  void aClusterOfWideAddressesStoresAndReplicates() throws Exception {
    InetAddress loopback = loopback();
    assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(loopback::equals),
        "no IPv6 here");
    String manager = address();
    String first = address();
    String second = address();
    int gateway = port();
    try (KumoProcess managers =
            start("manager", "io.kumo.manager.ManagerMain", "-v", "-l", manager);
        KumoProcess one = server(manager, first);
        KumoProcess front =
            start(
                "gateway",
                "io.kumo.gateway.GatewayMain",
                "-m",
                manager,
                "-t",
                "[::1]:" + gateway)) {
      attach(manager, 1);
      InetSocketAddress clients = new InetSocketAddress(loopback, gateway);
      await("storing").atMost(PATIENCE).ignoreExceptions().until(() -> set(clients, "before"));
      try (KumoProcess two = server(manager, second)) {
        attach(manager, 2);
        await("the copy").atMost(PATIENCE).until(() -> hasItems(second, 1));
        await("replication").atMost(PATIENCE).ignoreExceptions().until(() -> set(clients, "after"));
        assertThat(get(clients, "before")).isEqualTo("v");
        assertThat(hasItems(first, 2) && hasItems(second, 2)).isTrue();
        assertThat(List.of(managers, one, two, front)).allMatch(KumoProcess::isAlive);
      }
    }
  }

  private static boolean hasItems(String server, int items) {
    return Tool.kumostat(server, "items").output().strip().endsWith(Integer.toString(items));
  }

  private static boolean set(InetSocketAddress gateway, String key) throws IOException {
    try (TextClient client = new TextClient(gateway)) {
      return client.set(key, "v").equals("STORED");
    }
  }

  private static String get(InetSocketAddress gateway, String key) throws IOException {
    try (TextClient client = new TextClient(gateway)) {
      return client.get(key);
    }
  }

  private static void attach(String manager, int servers) {
    await("attaching " + servers)
        .atMost(PATIENCE)
        .until(
            () -> {
              Tool.kumoctl(manager, "attach");
              String status = Tool.kumoctl(manager, "status").output();
              return status.lines().filter(line -> line.endsWith("  (active)")).count() == servers;
            });
  }
}
