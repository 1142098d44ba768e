package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on machines of their own between which the network breaks, and heals. */
class SplitNetworkTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PORT = "11211";
  private static final String DOUBT = "this manager may be cut off";
  private static final String CHANGE = "update hash space";
  private static final String HEARD_AGAIN = "this manager goes on when the others";

  @TempDir Path directory;

  private final Map<String, KumoProcess> running = new LinkedHashMap<>();
  private @Nullable Namespaces machines;

  @AfterEach
  void end() throws InterruptedException {
    for (KumoProcess process : running.values()) {
      process.kill();
    }
    if (machines != null) {
      machines.close();
    }
  }

  private Namespaces machines() {
    if (machines == null) {
      throw new IllegalStateException("not up yet");
    }
    return machines;
  }

  private void up(int servers) throws Exception {
    String objection = Namespaces.objection();
    assumeTrue(objection == null, objection);
    List<String> names = new ArrayList<>(List.of("m1", "m2", "g1"));
    for (int i = 1; i <= servers; i++) {
      names.add("s" + i);
    }
    machines = Namespaces.of(names.toArray(new String[0]));
    String m1 = machines().address("m1");
    String m2 = machines().address("m2");
    start("m1", "io.kumo.manager.ManagerMain", "-l", m1, "-p", m2);
    start("m2", "io.kumo.manager.ManagerMain", "-l", m2, "-p", m1);
    for (String name : names.subList(3, names.size())) {
      String store = directory.resolve("store-" + name).toString();
      String address = machines().address(name);
      start(name, "io.kumo.server.ServerMain", "-l", address, "-m", m1, "-p", m2, "-s", store);
    }
    start("g1", "io.kumo.gateway.GatewayMain", "-m", m1, "-p", m2, "-t", PORT);
    awaitAllConnected("m1", servers);
    awaitAllConnected("m2", servers);
    await().atMost(PATIENCE).until(() -> kumoctl("m1", "attach").equals("nil\n"));
    await().atMost(PATIENCE).until(() -> areReady(servers));
    await().atMost(PATIENCE).until(() -> client("set", 0, 20).equals("20 right\n"));
  }

  /** On a busy machine a server may be lost and found again between the orders. */
  private boolean areReady(int servers) throws Exception {
    if (!kumoctl("m1", "status").endsWith("not attached node:\n")) {
      kumoctl("m1", "attach");
      return false;
    }
    List<String> ready =
        IntStream.rangeClosed(1, servers)
            .mapToObj(i -> machines().address("s" + i) + ":19800:  ready")
            .toList();
    return run("m1", "io.kumo.tools.KumostatMain", "-m", machines().address("m1"), "replstat")
        .lines()
        .toList()
        .containsAll(ready);
  }

  private void start(String name, String mainClass, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-v"));
    all.addAll(List.of(arguments));
    Path log = directory.resolve(name + ".log");
    running.put(name, KumoProcess.start(machines().on(name), log, mainClass, all));
  }

  private String said(String name) {
    return running.get(name).output();
  }

  private long count(String name, String phrase) {
    return said(name).lines().filter(line -> line.contains(phrase)).count();
  }

  private void awaitSaid(String name, String phrase, long times) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(count(name, phrase)).as(said(name)).isGreaterThanOrEqualTo(times));
  }

  private String kumoctl(String manager, String command) throws Exception {
    return run(manager, "io.kumo.tools.KumoctlMain", machines().address(manager), command);
  }

  private String client(String verb, int from, int to) throws Exception {
    String main = TextCommands.class.getName();
    return run("g1", main, PORT, verb, Integer.toString(from), Integer.toString(to));
  }

  private String run(String name, String mainClass, String... arguments) throws Exception {
    return KumoProcess.run(machines().on(name), directory, mainClass, List.of(arguments)).output();
  }

  private long[] changes() {
    return Stream.of("m1", "m2").mapToLong(name -> count(name, CHANGE)).toArray();
  }

  /** The manager has stopped to doubt itself as often as told, and has everybody. */
  private void awaitBack(String manager, long times, int servers) {
    awaitSaid(manager, HEARD_AGAIN, times);
    awaitAllConnected(manager, servers);
  }

  /**
   * The manager has its partner and the servers s1, s2, and so on. A session that outlived a cut is
   * not made again, so what counts is the last word about each.
   */
  private void awaitAllConnected(String manager, int servers) {
    List<String> nodes = new ArrayList<>();
    nodes.add("partner connected " + machines().address(manager.equals("m1") ? "m2" : "m1"));
    for (int i = 1; i <= servers; i++) {
      nodes.add("server connected " + machines().address("s" + i));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              String said = said(manager);
              assertThat(nodes).as(said).allMatch(connected -> isLastWord(said, connected));
            });
  }

  private static boolean isLastWord(String said, String connected) {
    int at = said.lastIndexOf(connected + ":");
    return at >= 0 && at > said.lastIndexOf(connected.replace(" connected ", " lost ") + ":");
  }

  @Test
  void nobodyNoticesThatManagersWereCutOff() throws Exception {
    up(3);
    long[] changes = changes();
    List<String> servers = List.of("s1", "s2", "s3");

    machines().cut(List.of("m2"), List.of("m1", "g1", "s1", "s2", "s3"));
    awaitSaid("m2", DOUBT, 1);
    assertThat(client("set", 20, 40)).isEqualTo("20 right\n");
    machines().heal();
    awaitBack("m2", 1, 3);
    awaitAllConnected("m1", 3);
    assertThat(changes()).isEqualTo(changes);

    machines().cut(List.of("m1", "m2"), servers);
    awaitSaid("m1", DOUBT, 1);
    awaitSaid("m2", DOUBT, 2);
    assertThat(client("set", 40, 60)).isEqualTo("20 right\n");
    machines().heal();
    awaitBack("m1", 1, 3);
    awaitBack("m2", 2, 3);
    assertThat(changes()).isEqualTo(changes);

    for (String manager : List.of("m1", "m2")) {
      assertThat(kumoctl(manager, "status")).doesNotContain("(fault)");
    }
    assertThat(client("get", 0, 60)).isEqualTo("60 right\n");
  }

  @Test
  void aMinorityThatComesBackMarksNobodyFault() throws Exception {
    up(4);
    machines().cut(List.of("m1", "s1", "s2", "s3", "g1"), List.of("m2", "s4"));
    awaitSaid("m2", DOUBT, 1);
    awaitSaid("m1", CHANGE, 2);
    await().atMost(PATIENCE).until(() -> client("set", 20, 40).equals("20 right\n"));
    long[] changes = changes();

    machines().heal();

    awaitBack("m2", 1, 4);
    awaitAllConnected("m1", 4);
    assertThat(changes()).isEqualTo(changes);
    for (String manager : List.of("m1", "m2")) {
      assertThat(kumoctl(manager, "status"))
          .contains(machines().address("s1") + ":19800  (active)")
          .contains(machines().address("s2") + ":19800  (active)")
          .contains(machines().address("s3") + ":19800  (active)")
          .contains(machines().address("s4") + ":19800  (fault)");
    }
    assertThat(client("get", 0, 40)).isEqualTo("40 right\n");
    for (String manager : List.of("m1", "m2")) {
      await()
          .atMost(PATIENCE)
          .until(() -> kumoctl(manager, "status").contains("not attached node:\n  "));
    }
    assertThat(kumoctl("m1", "attach")).isEqualTo("nil\n");
    await().atMost(PATIENCE).until(() -> !kumoctl("m1", "status").contains("(fault)"));
    assertThat(client("get", 0, 40)).isEqualTo("40 right\n");
  }
}
