package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A manager, servers and a gateway as processes, on ports that were free a moment ago. */
final class ClusterProcesses implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final String manager = address(freePort());
  private final List<String> servers = new ArrayList<>();
  private final List<String> streams = new ArrayList<>();
  private final int gatewayPort = freePort();
  private final Map<String, KumoProcess> running = new LinkedHashMap<>();

  ClusterProcesses(Path directory, int serverCount) {
    this.directory = directory;
    for (int i = 0; i < serverCount; i++) {
      servers.add(address(freePort()));
      streams.add(address(freePort()));
    }
  }

  /** Starts everything and attaches the servers; returns when the gateway stores a value. */
  static ClusterProcesses up(Path directory, int serverCount) {
    ClusterProcesses cluster = new ClusterProcesses(directory, serverCount);
    cluster.startAll();
    return cluster;
  }

  void startAll() {
    startManager();
    for (int i = 0; i < servers.size(); i++) {
      startServer(i);
    }
    startGateway();
    await().atMost(PATIENCE).until(() -> servers.stream().allMatch(kumoctl("status")::contains));
    attach();
    servers.forEach(server -> awaitStatus(server + "  (active)"));
    awaitStores();
  }

  void startManager() {
    start("manager", "io.kumo.manager.ManagerMain", "-l", manager, "-v");
  }

  void startServer(int index) {
    start(
        "server-" + index,
        "io.kumo.server.ServerMain",
        "-l",
        servers.get(index),
        "-L",
        streams.get(index),
        "-m",
        manager,
        "-s",
        directory.resolve("store-" + index).toString(),
        "-v");
  }

  void startGateway() {
    start(
        "gateway",
        "io.kumo.gateway.GatewayMain",
        "-m",
        manager,
        "-t",
        "127.0.0.1:" + gatewayPort,
        "-v");
  }

  private void start(String name, String mainClass, String... arguments) {
    Path log = directory.resolve(name + ".log");
    running.put(name, KumoProcess.start(log, mainClass, List.of(arguments)));
  }

  KumoProcess process(String name) {
    return running.get(name);
  }

  String server(int index) {
    return servers.get(index);
  }

  int gatewayPort() {
    return gatewayPort;
  }

  void attach() {
    assertThat(kumoctl("attach")).isEqualTo("nil\n");
  }

  String kumoctl(String... command) {
    List<String> arguments = new ArrayList<>(List.of(manager));
    arguments.addAll(List.of(command));
    try {
      return KumoProcess.run(directory, "io.kumo.tools.KumoctlMain", arguments).output();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void awaitNewcomers(int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                kumoctl("status")
                        .lines()
                        .dropWhile(line -> !line.startsWith("not attached node:"))
                        .count()
                    == count + 1);
  }

  void awaitStatus(String line) {
    await().atMost(PATIENCE).until(() -> kumoctl("status").contains(line));
  }

  /** Until reads go where writes go and nothing is being copied any more, on every server. */
  void awaitSettled() {
    await().atMost(PATIENCE).until(() -> settled(servers));
  }

  private boolean settled(List<String> addresses) throws IOException, InterruptedException {
    for (String address : addresses) {
      KumoProcess.Result status =
          KumoProcess.run(directory, "io.kumo.tools.KumostatMain", List.of(address, "replstat"));
      if (!status.output().equals("ready\n")) {
        return false;
      }
    }
    return true;
  }

  void awaitStores() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (TextClient client = new TextClient(gatewayPort)) {
                return client.line("set is-up 0 0 2\r\nup\r\n").equals("STORED");
              }
            });
  }

  /** Ends every process in order, as a shutdown does. */
  void stopAll() throws InterruptedException {
    List<KumoProcess> processes = new ArrayList<>(running.values());
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).stop();
    }
    running.clear();
  }

  @Override
  public void close() {
    running.values().forEach(KumoProcess::close);
  }

  private static String address(int port) {
    return "127.0.0.1:" + port;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
