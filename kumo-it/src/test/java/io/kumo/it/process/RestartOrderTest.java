package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The clusters of the first pages about kumofs, by the very command lines there: a manager is
 * restarted, then all, then everything is killed and started in any order. Each time they are back
 * with all that was stored, and kumoctl is not asked for anything.
 */
@Tag("slow")
class RestartOrderTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int KEYS = 100;
  private static final int ROUNDS = 2;

  @TempDir Path directory;

  private final long seed = Long.getLong("kumo.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private String stored = "";

  @ParameterizedTest(name = "{0} managers, {1} servers")
  @CsvSource({"1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"})
  void theClusterIsBack(int managers, int servers) throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, managers, servers)) {
      cluster.startAll();
      write(cluster, "first");
      for (int i = 0; i < managers; i++) {
        restart(cluster, List.of("manager-" + i));
      }
      restart(cluster, names("manager-", managers));
      List<String> all = new ArrayList<>(names("manager-", managers));
      all.addAll(names("server-", servers));
      all.add("gateway");
      for (int round = 0; round < ROUNDS; round++) {
        restart(cluster, all);
      }
    }
  }

  private static List<String> names(String kind, int count) {
    return IntStream.range(0, count).mapToObj(i -> kind + i).toList();
  }

  /** Kills them, and starts them in an order that is drawn. */
  private void restart(ClusterProcesses cluster, List<String> names) throws Exception {
    for (String name : names) {
      cluster.process(name).kill();
    }
    List<String> order = new ArrayList<>(names);
    Collections.shuffle(order, random);
    for (String name : order) {
      start(cluster, name);
    }
    String told = "seed " + seed + ", started " + order;
    await(told).atMost(PATIENCE).ignoreExceptions().until(() -> hasAll(cluster));
    await(told).atMost(PATIENCE).ignoreExceptions().until(() -> write(cluster, "after " + order));
    assertThat(hasAll(cluster)).as(told).isTrue();
  }

  private static void start(ClusterProcesses cluster, String name) {
    int number = name.charAt(name.length() - 1) - '0';
    if (name.startsWith("manager")) {
      cluster.startManager(number);
    } else if (name.startsWith("server")) {
      cluster.startServer(number);
    } else {
      cluster.startGateway();
    }
  }

  /** Whether all of them are stored. */
  private boolean write(ClusterProcesses cluster, String value) throws Exception {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < KEYS; i++) {
        if (!client.set("key-" + i, value).equals("STORED")) {
          return false;
        }
      }
    }
    stored = value;
    return true;
  }

  private boolean hasAll(ClusterProcesses cluster) throws Exception {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.get("key-" + i)).as("seed %d, key-%d", seed, i).isEqualTo(stored);
      }
    }
    return true;
  }
}
