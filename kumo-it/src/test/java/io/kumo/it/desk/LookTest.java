package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.it.process.KumoProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kumoctl shows of a cluster. */
class LookTest {
  @TempDir Path directory;

  @Test
  void theStateOfAllNodesIsShown() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 2, 3)) {
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("gateways").output().contains("routing"));
      Documented.check(
          "kumoctl.md",
          "kumoctl MANAGER status -o wide",
          cluster.kumoctl("status", "-o", "wide").output());
      Documented.check(
          "kumoctl.md",
          "kumoctl MANAGER nodes -o table",
          cluster.kumoctl("nodes", "-o", "table").output());
      Documented.check(
          "kumoctl.md", "kumoctl MANAGER gateways", cluster.kumoctl("gateways").output());
      JsonNode shown = cluster.shown(0).status().path("gateways");
      assertThat(shown).hasSize(1);
      assertThat(cluster.kumoctl("gateways").output())
          .contains(shown.path(0).path("address").asText());
      JsonNode json = new ObjectMapper().readTree(cluster.kumoctl("status", "-o", "json").output());
      assertThat(json.path("survives").asInt()).isEqualTo(2);
      assertThat(json.path("servers").findValuesAsText("state")).containsOnly("serving");
      assertThat(json.path("managers").findValuesAsText("state"))
          .containsExactlyInAnyOrder("directing", "following");

      cluster.stopServer(2);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("status").output().contains("(fault)"));
      KumoProcess.Result less = cluster.kumoctl("status", "-o", "table", "--watch=1ms", "-n", "2");
      assertThat(less.exitCode()).isEqualTo(3);
      assertThat(less.output()).contains("survives the loss of 1 server, not of 2");
      assertThat(less.errors()).contains(cluster.server(2) + " is fault");
      assertThat(cluster.kumoctl("du", "-o", "wide").exitCode()).isEqualTo(2);
    }
  }
}
