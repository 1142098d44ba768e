package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told of single requests and of how long they take. */
class WatchedRequestsTest {
  @TempDir Path directory;

  @Test
  void hotKeysLargeValuesAndSlowWritesAreTold() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.useStoreArguments("--slow-write", "1us");
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("large", "x".repeat(100_000))).isEqualTo("STORED");
        assertThat(client.set("hot", "value")).isEqualTo("STORED");
        for (int i = 0; i < 800; i++) {
          assertThat(client.get(i % 8 == 0 ? "cold-" + i : "hot")).isNotEqualTo("");
        }
      }
      KumoProcess.Result hot = cluster.kumoctl(0, "hot");
      assertThat(hot.exitCode()).isZero();
      assertThat(hot.output().lines().toList().get(1)).matches(".* " + cluster.server(0) + " +hot");
      assertThat(hot.output())
          .containsPattern("\n +1000\\d\\d +" + cluster.server(0) + " +large\n");

      KumoProcess.Result slow = cluster.kumoctl(0, "slow", "-n", "2");
      assertThat(slow.exitCode()).isZero();
      assertThat(slow.output().lines()).hasSize(3);
      assertThat(slow.output().lines().toList().get(1))
          .matches(".* " + cluster.server(0) + " +hot");
      JsonNode json = new ObjectMapper().readTree(cluster.kumoctl("slow", "-o", "json"));
      assertThat(json.path("slow").findValuesAsText("key")).contains("large", "hot");

      String latency = Tool.kumostat(cluster.server(0), "latency").output();
      assertThat(latency)
          .containsPattern("(?m)^write +[1-9]\\d* +\\d+\\.\\d\\d +\\d+\\.\\d\\d")
          .containsPattern("(?m)^replication +[1-9]")
          .containsPattern("(?m)^fsync +\\d");
      String watched =
          Tool.kumostat("--watch=1ms", "-n", "2", cluster.server(0), "latency").output();
      assertThat(watched.lines().filter(line -> line.startsWith("write ")).toList())
          .hasSize(2)
          .satisfiesExactly(
              line -> assertThat(line).isEqualTo(row(latency, "write ")),
              line -> assertThat(line).matches("write +0 +0\\.00.*"));
    }
  }

  private static String row(String table, String start) {
    return table.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }
}
