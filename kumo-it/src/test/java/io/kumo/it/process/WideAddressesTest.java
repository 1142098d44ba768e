package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster all of whose addresses are IPv6: two servers, so that they replicate and copy, and one
 * goes on when the other is killed.
 */
class WideAddressesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private static String address() {
    return "[::1]:" + FreePorts.one();
  }

  private static InetAddress loopback() throws IOException {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    return InetAddress.getByAddress(bytes);
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
  void aClusterOfWideAddressesStoresReplicatesAndFailsOver() throws Exception {
    InetAddress loopback = loopback();
    assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(loopback::equals),
        "no IPv6 here");
    String manager = address();
    String first = address();
    String second = address();
    int gateway = FreePorts.one();
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
        await("a quorum without the first")
            .atMost(PATIENCE)
            .until(() -> voters(manager).contains(wide(second)));
        one.kill();
        await("failover").atMost(PATIENCE).ignoreExceptions().until(() -> set(clients, "later"));
        assertThat(get(clients, "before")).isEqualTo("v");
        assertThat(Tool.kumoctl(manager, "status").output())
            .containsPattern(Pattern.quote(wide(first)) + " +\\(fault\\)")
            .containsPattern(Pattern.quote(wide(second)) + " +\\(active\\)");
      }
    }
  }

  /** Of the committed view: a new server votes a moment after it is active. */
  private static String voters(String manager) {
    String status = Tool.kumoctl(manager, "status", "-o", "wide").output();
    return status.lines().filter(line -> line.startsWith("voters")).findFirst().orElse("");
  }

  /** As programs write it. */
  private static String wide(String address) {
    return address.replace("[::1]", "[0:0:0:0:0:0:0:1]");
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
