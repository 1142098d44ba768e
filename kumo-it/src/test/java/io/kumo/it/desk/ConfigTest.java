package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.KumoProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings are changed while nodes run, and shown where they are not those of the command line. */
class ConfigTest {
  @TempDir Path directory;

  @Test
  void settingsOfNodesThatRunAreChanged() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 1)) {
      assertThat(cluster.kumoctl("config", "get").output())
          .containsPattern(cluster.server(0) + " +throttle +off +off")
          .containsPattern(cluster.server(0) + " +slow-write +100ms +100ms")
          .containsPattern(cluster.manager(0) + " +rejoin-after +\\S+ +\\S+");
      assertThat(cluster.kumoctl("status", "-o", "wide").output()).doesNotContain("setting ");

      KumoProcess.Result set = cluster.kumoctl("config", "set", "throttle", "10m");
      assertThat(set.exitCode()).as(set.errors()).isZero();
      assertThat(set.errors()).contains("throttle is changed at [" + cluster.server(0) + "]");
      assertThat(cluster.kumoctl("config", "set", "slow-write", "0", cluster.server(0)).exitCode())
          .isZero();
      assertThat(cluster.kumoctl("config", "set", "rejoin-after", "never").exitCode()).isZero();
      assertThat(cluster.kumoctl("status", "-o", "wide").output())
          .contains(cluster.server(0) + ": throttle 10m, and off by its command line")
          .contains(cluster.manager(0) + ": rejoin-after never, and ");
      try (var client = cluster.client()) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
      }
      assertThat(cluster.kumoctl("slow").output()).contains("key");

      assertThat(cluster.kumoctl("config").exitCode()).isEqualTo(2);
      assertThat(cluster.kumoctl("config", "set", "speed", "1").errors())
          .contains("no setting 'speed'; there are throttle, slow-write, rejoin-after");
      assertThat(cluster.kumoctl("config", "set", "throttle", "fast").exitCode()).isEqualTo(2);
      assertThat(cluster.kumoctl("config", "set", "throttle", "1m", cluster.manager(0)).errors())
          .contains("has throttle");
    }
  }
}
