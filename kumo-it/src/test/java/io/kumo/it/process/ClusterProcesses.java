package io.kumo.it.process;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Managers, servers and a gateway as processes, on ports that were free a moment ago. */
public final class ClusterProcesses implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Those who are asked need the processor to get there. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Path directory;
  private final List<String> managers = new ArrayList<>();
  private final List<String> servers = new ArrayList<>();
  private final List<String> streams = new ArrayList<>();
  private final int gatewayPort = FreePorts.one();
  private final Map<String, KumoProcess> running = new LinkedHashMap<>();
  private List<String> nodeArguments = List.of();
  private @Nullable String namedManager;
  private int copies;
  private List<String> zones = List.of();
  private List<String> managerArguments = List.of();
  private List<String> gatewayArguments = List.of();
  private List<String> storeArguments = List.of();
  private List<String> securityArguments = List.of();

  public ClusterProcesses(Path directory, int serverCount) {
    this(directory, 1, serverCount);
  }

  public ClusterProcesses(Path directory, int managerCount, int serverCount) {
    this.directory = directory;
    for (int i = 0; i < managerCount; i++) {
      managers.add(address(FreePorts.one()));
    }
    for (int i = 0; i < serverCount; i++) {
      servers.add(address(FreePorts.one()));
      streams.add(address(FreePorts.one()));
    }
  }

  /** Starts everything and attaches the servers; returns when the gateway stores a value. */
  public static ClusterProcesses up(Path directory, int serverCount) {
    ClusterProcesses cluster = new ClusterProcesses(directory, serverCount);
    try {
      cluster.startAll();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** Everybody is told of a manager of this name, beside the one that there is. */
  void nameFirstManager(String name) {
    namedManager = name;
  }

  /** For the first attach. */
  public void useCopies(int number) {
    copies = number;
  }

  /** For servers that are started from now on, in the order of their numbers. */
  public void useZones(String... names) {
    zones = List.of(names);
  }

  /** For managers and servers that are started from now on. */
  public void useNodeArguments(String... arguments) {
    nodeArguments = List.of(arguments);
  }

  /** For managers that are started from now on. */
  public void useManagerArguments(String... arguments) {
    managerArguments = List.of(arguments);
  }

  /** For gateways that are started from now on. */
  public void useGatewayArguments(String... arguments) {
    gatewayArguments = List.of(arguments);
  }

  /** For all daemons that are started from now on, and for kumoctl. */
  public void useSecurity(String... arguments) {
    securityArguments = List.of(arguments);
  }

  /** For servers that are started from now on. */
  public void useStoreArguments(String... arguments) {
    storeArguments = List.of(arguments);
  }

  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollInterval(PAUSE);
  }

  public void startAll() {
    for (int i = 0; i < managers.size(); i++) {
      startManager(i);
    }
    for (int i = 0; i < servers.size(); i++) {
      startServer(i);
    }
    startGateway();
    patiently().until(() -> servers.stream().allMatch(kumoctl("status")::contains));
    attach();
    patiently().until(this::allActive);
    awaitStores();
  }

  /** On a busy machine a server may be lost and found again between the orders. */
  private boolean allActive() {
    String status = kumoctl("status");
    if (!status.endsWith("not attached node:\n")) {
      kumoctl("attach");
    }
    return servers.stream().allMatch(server -> status.contains(server + "  (active)"));
  }

  public void startManager(int index) {
    List<String> arguments = new ArrayList<>(List.of("-v", "-l", managers.get(index)));
    if (managers.size() == 2) {
      arguments.addAll(List.of("-p", managers.get(1 - index)));
    } else if (namedManager != null) {
      arguments.addAll(List.of("-p", namedManager));
    }
    arguments.addAll(nodeArguments);
    arguments.addAll(managerArguments);
    start("manager-" + index, "io.kumo.manager.ManagerMain", arguments);
  }

  /** A pair that nobody has been told of; returns its addresses. */
  List<String> startOtherManagers() {
    String one = address(FreePorts.one());
    String two = address(FreePorts.one());
    start("manager-2", "io.kumo.manager.ManagerMain", List.of("-v", "-l", one, "-p", two));
    start("manager-3", "io.kumo.manager.ManagerMain", List.of("-v", "-l", two, "-p", one));
    return List.of(one, two);
  }

  public void startServer(int index) {
    List<String> arguments = new ArrayList<>(List.of("-v", "-l", servers.get(index)));
    arguments.addAll(List.of("-L", streams.get(index)));
    arguments.addAll(List.of("-s", directory.resolve("store-" + index).toString()));
    arguments.addAll(managerArguments());
    arguments.addAll(nodeArguments);
    arguments.addAll(storeArguments);
    if (!zones.isEmpty()) {
      arguments.addAll(List.of("--zone", zones.get(index)));
    }
    start("server-" + index, "io.kumo.server.ServerMain", arguments);
  }

  public void startGateway() {
    startGateway("gateway", gatewayPort);
  }

  /** A further one. */
  public void startGateway(String name, int port) {
    List<String> arguments = new ArrayList<>(List.of("-v", "--enable-flush", "-t", address(port)));
    arguments.addAll(managerArguments());
    arguments.addAll(gatewayArguments);
    start(name, "io.kumo.gateway.GatewayMain", arguments);
  }

  private List<String> managerArguments() {
    if (namedManager != null) {
      return List.of("-m", namedManager, "-p", managers.get(0));
    }
    List<String> arguments = new ArrayList<>(List.of("-m", managers.get(0)));
    if (managers.size() == 2) {
      arguments.addAll(List.of("-p", managers.get(1)));
    }
    return arguments;
  }

  private void start(String name, String mainClass, List<String> arguments) {
    Path log = directory.resolve(name + ".log");
    List<String> all = new ArrayList<>(arguments);
    all.addAll(securityArguments);
    KumoProcess former = running.put(name, KumoProcess.start(log, mainClass, all));
    if (former != null) {
      former.close();
    }
  }

  public KumoProcess process(String name) {
    return running.get(name);
  }

  public String manager(int index) {
    return managers.get(index);
  }

  public String server(int index) {
    return servers.get(index);
  }

  /** The stream port of a server. */
  public String stream(int index) {
    return streams.get(index);
  }

  public int serverCount() {
    return servers.size();
  }

  public int gatewayPort() {
    return gatewayPort;
  }

  public void attach() {
    // A manager that has just started waits a moment for servers to say what they know.
    patiently().until(() -> kumoctl(attachOrder()).equals("nil\n"));
  }

  /** Without a partner that can be found the first servers come only with the word. */
  private String[] attachOrder() {
    List<String> order = new ArrayList<>(List.of("attach"));
    if (namedManager != null) {
      order.add("--alone");
    }
    if (copies != 0) {
      order.addAll(List.of("--replicas", String.valueOf(copies)));
    }
    return order.toArray(new String[0]);
  }

  /** What the first manager says. */
  public String kumoctl(String... command) {
    return kumoctl(0, command).output();
  }

  public KumoProcess.Result kumoctl(int askedManager, String... command) {
    List<String> arguments = new ArrayList<>(List.of(managers.get(askedManager)));
    arguments.addAll(List.of(command));
    arguments.addAll(securityArguments);
    return Tool.kumoctl(arguments.toArray(new String[0]));
  }

  public void awaitNewcomers(int count) {
    patiently()
        .until(
            () ->
                kumoctl("status")
                        .lines()
                        .dropWhile(line -> !line.startsWith("not attached node:"))
                        .count()
                    == count + 1);
  }

  public void awaitStatus(String line) {
    patiently().until(() -> kumoctl("status").contains(line));
  }

  /** Until reads go where writes go and nothing is being copied any more, on every server. */
  public void awaitSettled() {
    patiently().until(this::isSettled);
  }

  public boolean isSettled() {
    return servers.stream()
        .allMatch(server -> Tool.kumostat(server, "replstat").output().equals("ready\n"));
  }

  public void awaitStores() {
    awaitStores(gatewayPort);
  }

  /** Until a gateway stores a value. */
  public void awaitStores(int port) {
    patiently()
        .ignoreExceptions()
        .until(
            () -> {
              try (TextClient client = new TextClient(port)) {
                return client.line("set is-up 0 0 2\r\nup\r\n").equals("STORED");
              }
            });
  }

  /** Ends every process in order, as a shutdown does. */
  public void stopAll() throws InterruptedException {
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
}
