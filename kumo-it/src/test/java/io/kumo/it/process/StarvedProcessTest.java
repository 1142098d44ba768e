package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that stand still for longer than it takes to find a dead one, as on a machine with too
 * much to do: they are not all taken for dead at once, and no operator is needed.
 */
class StarvedProcessTest {
  private static final int SERVERS = 6;
  private static final Duration STARVED = Duration.ofSeconds(8);

  @TempDir Path directory;

  @Test
  void aManagerThatStoodStillDoesNotTakeAllForDead() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, 3)) {
      cluster.awaitSettled();
      starve(List.of(cluster.process("manager-0")));
      cluster.awaitStores();
      String said = cluster.process("manager-0").output();
      assertThat(said.lines().filter(line -> line.contains("server lost")).count()).isLessThan(3);
    }
  }

  @Test
  @Tag("slow")
  void serversThatStoodStillServeAgainByThemselves() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, SERVERS)) {
      cluster.awaitSettled();
      storeSome(cluster);
      starve(List.of(1, 2, 3, 4, 5).stream().map(i -> cluster.process("server-" + i)).toList());
      for (int server = 0; server < SERVERS; server++) {
        cluster.awaitStatus(cluster.server(server) + "  (active)");
      }
      cluster.awaitSettled();
      cluster.awaitStores();
      assertSome(cluster);
    }
  }

  private static void starve(List<KumoProcess> processes) throws Exception {
    for (KumoProcess process : processes) {
      process.suspend();
    }
    Thread.sleep(STARVED.toMillis());
    for (KumoProcess process : processes) {
      process.resume();
    }
  }

  private static void storeSome(ClusterProcesses cluster) throws Exception {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.set("key-" + i, "value-" + i)).isEqualTo("STORED");
      }
    }
  }

  private static void assertSome(ClusterProcesses cluster) throws Exception {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("key-" + i)).isEqualTo("value-" + i);
      }
    }
  }
}
