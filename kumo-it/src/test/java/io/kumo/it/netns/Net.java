package io.kumo.it.netns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.Namespaces;
import io.kumo.it.process.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two managers, some servers and two gateways, each on a machine of its own: m1, m2, s1, s2 and so
 * on, g1, g2. Whatever is cut between them, this process reaches all of them.
 */
final class Net implements AutoCloseable {
  static final List<String> GATEWAYS = List.of("g1", "g2");

  private static final int PORT = 11211;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final List<String> servers;
  private final List<String> names;
  private final Namespaces machines;
  private final Map<String, KumoProcess> running = new LinkedHashMap<>();
  private @Nullable Process forwarder;

  private Net(Path directory, int serverCount, boolean bridged) throws IOException {
    this.directory = directory;
    servers = IntStream.rangeClosed(1, serverCount).mapToObj(i -> "s" + i).toList();
    names = new ArrayList<>(List.of("m1", "m2"));
    names.addAll(servers);
    names.addAll(GATEWAYS);
    machines = Namespaces.around(bridged, names);
  }

  /** Starts all that the case needs; returns when every server is active and ready. */
  static Net up(Path directory, Case one) throws IOException {
    Net net = new Net(directory, one.servers(), !one.delays());
    try {
      if (one.delays()) {
        net.forward();
      }
      net.startAll();
      return net;
    } catch (IOException | RuntimeException | Error e) {
      net.close();
      throw e;
    }
  }

  private void forward() throws IOException {
    Path program = directory.resolve("forward.py");
    try (var resource =
        Objects.requireNonNull(Net.class.getResourceAsStream("/netns/forward.py"))) {
      Files.copy(resource, program, StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>(List.of("python3", program.toString(), "centre"));
    command.addAll(names);
    forwarder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
  }

  private void startAll() {
    start("m1");
    start("m2");
    servers.forEach(this::start);
    GATEWAYS.forEach(this::start);
    await()
        .atMost(PATIENCE)
        .until(() -> servers.stream().allMatch(s -> knows("m1", s) && knows("m2", s)));
    awaitWhole();
  }

  /** Attaches whoever waits for it. */
  void awaitWhole() {
    await().atMost(PATIENCE).until(this::isWholeOrOrdered);
  }

  private boolean knows(String manager, String server) {
    return status(manager).contains(address(server) + ":");
  }

  /** On a busy machine a server may be lost and found again between the orders. */
  private boolean isWholeOrOrdered() {
    return isWhole() || (attach() && isWhole());
  }

  /** Starts the program of a machine, again if it is killed. */
  void start(String name) {
    List<String> all = new ArrayList<>(List.of("-v"));
    String m1 = address("m1");
    String m2 = address("m2");
    String store = directory.resolve("store-" + name).toString();
    String mainClass =
        switch (name.charAt(0)) {
          case 'm' -> {
            all.addAll(List.of("-l", address(name), "-p", name.equals("m1") ? m2 : m1));
            yield "io.kumo.manager.ManagerMain";
          }
          case 's' -> {
            all.addAll(List.of("-l", address(name), "-m", m1, "-p", m2, "-s", store));
            yield "io.kumo.server.ServerMain";
          }
          default -> {
            all.addAll(List.of("-m", m1, "-p", m2, "-t", address(name) + ":" + PORT));
            all.addAll(List.of("--reads", "linearizable"));
            yield "io.kumo.gateway.GatewayMain";
          }
        };
    Path log = directory.resolve(name + ".log");
    running.put(name, KumoProcess.start(machines.on(name), log, mainClass, all));
  }

  void kill(String name) throws InterruptedException {
    running.get(name).kill();
  }

  private String address(String name) {
    return machines.address(name);
  }

  InetSocketAddress gateway(String name) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address(name)), PORT);
  }

  private String status(String manager) {
    return Tool.kumoctl(address(manager), "status").output();
  }

  /** Whether somebody waited for this order, and it was taken. */
  boolean attach() {
    return !status("m1").endsWith("not attached node:\n")
        && Tool.kumoctl(address("m1"), "attach").output().equals("nil\n");
  }

  /** Whether both managers say that every server is active, and every server that it is ready. */
  boolean isWhole() {
    for (String manager : List.of("m1", "m2")) {
      String status = status(manager);
      if (!status.endsWith("not attached node:\n")) {
        return false;
      }
      for (String server : servers) {
        if (!status.contains("  " + address(server) + ":19800  (active)")) {
          return false;
        }
      }
    }
    List<String> replication =
        Tool.kumostat("-m", address("m1"), "replstat").output().lines().toList();
    return servers.stream().allMatch(s -> replication.contains(address(s) + ":19800:  ready"));
  }

  /** What the managers say now, for who asks why it is not whole. */
  String told() {
    return "m1: " + status("m1") + "m2: " + status("m2");
  }

  /** Drops everything between these machines and all others. */
  void isolate(String... these) throws IOException {
    machines.cut(List.of(these), others(these));
  }

  void cut(List<String> these, List<String> those) throws IOException {
    machines.cut(these, those);
  }

  /** Drops what these machines send to others. */
  void muffle(String... these) throws IOException {
    machines.cutOneWay(List.of(these), others(these));
  }

  /** Drops what others send to these machines. */
  void deafen(String... these) throws IOException {
    machines.cutOneWay(others(these), List.of(these));
  }

  void lose(double share) throws IOException {
    machines.lose(share);
  }

  /** Each frame takes so long to its target from now on. */
  void delay(Duration delay) throws IOException {
    Process process = Objects.requireNonNull(forwarder);
    String seconds = Double.toString(delay.toMillis() / 1000.0);
    OutputStream orders = process.getOutputStream();
    orders.write((seconds + "\n").getBytes(US_ASCII));
    orders.flush();
  }

  void heal() throws IOException {
    machines.heal();
    if (forwarder != null) {
      delay(Duration.ZERO);
    }
  }

  private List<String> others(String... these) {
    return names.stream().filter(name -> !List.of(these).contains(name)).toList();
  }

  @Override
  public void close() {
    for (KumoProcess process : running.values()) {
      process.close();
    }
    if (forwarder != null) {
      forwarder.destroyForcibly();
    }
    machines.close();
  }
}
