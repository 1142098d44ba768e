package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.it.process.TextClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What changes on the disk of a server that runs is found though nobody asks for it, and mended.
 */
class DiskScrubTest {
  private static final String MARK = "flip-me-";

  @TempDir Path directory;

  @Test
  void aBitFlippedBehindARunningServerIsFoundAndMended() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 3)) {
      fill(cluster);
      cluster.stopServer(2);
      FlippedBits.restart(cluster, 2);
      assertThat(FlippedBits.flipAll(cluster.store(2), MARK)).isPositive();
      assertThat(scrub(cluster).path("bytesPerSecond").asLong()).isZero();
      assertThat(cluster.kumoctl("config", "get").output())
          .containsPattern(cluster.server(2) + " +scrub-rate +off +off");

      assertThat(cluster.kumoctl("config", "set", "scrub-rate", "8m").exitCode()).isZero();
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> scrub(cluster).path("lastPassFound").asInt() > 0);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> server(cluster).path("damagedItems").asInt() == 0);
      assertThat(scrub(cluster).path("lastPassEndedSeconds").asLong()).isPositive();
      assertThat(cluster.kumoctl("status", "-o", "wide").output())
          .contains("scrubbed at")
          .contains(cluster.server(2) + ": scrub-rate 8m, and off by its command line");
      assertThat(cluster.kumoctl("verify", "--wait").output()).contains(", 0 differ");

      assertThat(cluster.kumoctl("config", "set", "scrub-rate", "off").exitCode()).isZero();
      assertThat(scrub(cluster).path("bytesPerSecond").asLong()).isZero();
    }
  }

  private static void fill(DeskCluster cluster) throws IOException {
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.set("key" + i, MARK + i)).isEqualTo("STORED");
      }
    }
  }

  private static JsonNode scrub(DeskCluster cluster) throws IOException {
    return server(cluster).path("scrub");
  }

  /** What is said of the server whose disk was changed. */
  private static JsonNode server(DeskCluster cluster) throws IOException {
    String text = cluster.kumoctl("status", "-o", "json").output();
    for (JsonNode server : new ObjectMapper().readTree(text).path("servers")) {
      if (server.path("address").asText().equals(cluster.server(2))) {
        return server;
      }
    }
    throw new AssertionError("no " + cluster.server(2) + " in " + text);
  }
}
