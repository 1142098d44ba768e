package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine is maintained, and a rebalance is steered, as the page about operations tells. */
class MaintenanceTest {
  private static final Map<String, String> NONE = Map.of();
  private static final int KEYS = 200;

  @TempDir Path directory;
  private DeskCluster cluster;

  @BeforeEach
  void launch() throws Exception {
    cluster = DeskCluster.up(directory, 2, 4, 3);
    store("first");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private void store(String value) throws Exception {
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.set("key" + i, value)).isEqualTo("STORED");
      }
    }
  }

  private void assertAllAre(String value) throws Exception {
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.get("key" + i)).as("key" + i).isEqualTo(value);
      }
    }
    KumoProcess.Result verified = cluster.kumoctl("verify", "--wait");
    assertThat(verified.output()).contains("3 replicas each, 0 differ");
  }

  /** The server that is listed first. */
  private int first() {
    return IntStream.range(0, 3)
        .boxed()
        .min(Comparator.comparing(cluster::serverAddress))
        .orElseThrow();
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper().readTree(cluster.kumoctl("status", "-o", "json").output());
  }

  /** In what the managers show to browsers. */
  private String consoleStateOf(int server) throws Exception {
    for (JsonNode shown : cluster.shown(0).status().path("servers")) {
      if (shown.path("address").asText().equals(cluster.server(server))) {
        return shown.path("state").asText();
      }
    }
    return "not shown";
  }

  @Test
  void aServerIsSuspendedRestartedAndResumed() throws Exception {
    Story story = new Story(cluster, "Maintenance of one machine");
    int out = first();
    Map<String, String> names = Map.of("SERVER", cluster.server(out));
    story.done("suspend SERVER --for 30m", names);
    Documented.check("kumoctl.md", "kumoctl MANAGER nodes", cluster.kumoctl("nodes").output());
    KumoProcess.Result shown = story.run("status -o table", NONE);
    assertThat(shown.exitCode()).isEqualTo(3);
    assertThat(shown.output()).containsPattern("suspended  " + cluster.server(out) + " until 2");
    assertThat(shown.errors()).contains(cluster.server(out) + " is suspended");
    assertThat(status().path("suspended").findValuesAsText("address"))
        .containsExactly(cluster.server(out));
    assertThat(Tool.kumotop("-m", cluster.manager(0), "-n", "1").output())
        .containsPattern(cluster.server(out) + " .*suspended");
    assertThat(consoleStateOf(out)).isEqualTo("suspended");
    assertThat(cluster.kumoctl("attach").errors())
        .contains(cluster.server(out) + " is suspended until");
    store("while it was out");
    cluster.stopServer(out);
    cluster.startServer(out);
    store("while it was new");
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("nodes").output().split("silent", -1).length == 1);
    story.done("resume SERVER", names);
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("status", "-o", "table").exitCode() == 0);
    assertAllAre("while it was new");
    assertThat(cluster.kumoctl("history").output())
        .containsPattern("kumoctl \\S+ suspend " + cluster.server(out) + " --for 30m +done");
    assertThat(cluster.kumoctl("resume", cluster.server(out)).errors())
        .contains("is not suspended");
    assertThat(cluster.kumoctl("suspend", cluster.server(out), "--for", "2d").exitCode())
        .isEqualTo(2);
  }

  @Test
  void aRebalanceIsSlowedPausedAndCancelled() throws Exception {
    Story story = new Story(cluster, "A rebalance disturbs");
    assertThat(cluster.kumoctl("rebalance").exitCode()).isEqualTo(2);
    assertThat(cluster.kumoctl("rebalance", "throttle", "fast").errors()).contains("nor is it off");
    assertThat(cluster.kumoctl("rebalance", "throttle", "0").exitCode()).isEqualTo(2);
    assertThat(cluster.kumoctl("rebalance", "pause").errors())
        .contains("no rebalance is under way");
    cluster.kumoctl("rebalance", "throttle", "1");
    cluster.startServer(3);
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("attach", cluster.server(3)).exitCode() == 0);
    story.done("rebalance pause", NONE);
    assertThat(cluster.kumoctl("status", "-o", "wide").output())
        .containsPattern("rebalance +paused: copying.*; throttled to 1/s");
    assertThat(status().path("rebalancePaused").asBoolean()).isTrue();
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(
            () ->
                cluster.shown(0).status().path("rebalance").path("paused").asBoolean()
                    && cluster.shown(1).status().path("rebalance").path("paused").asBoolean());
    story.done("rebalance throttle 10m", NONE);
    assertThat(status().path("rebalanceBytesPerSecond").asInt()).isEqualTo(10 << 20);
    store("while it was paused");
    story.done("rebalance cancel", NONE);
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("status", "-o", "table").output().contains("rebalance  none"));
    assertThat(cluster.kumoctl("nodes").output())
        .containsPattern(cluster.server(3) + " +not attached");
    assertAllAre("while it was paused");
    assertThat(story.run("rebalance resume", NONE).errors()).contains("it is not paused");
    assertThat(cluster.kumoctl("attach", cluster.server(3), "--wait").exitCode()).isZero();
    assertAllAre("while it was paused");
  }
}
