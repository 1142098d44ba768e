package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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
      assertThat(cluster.kumoctl("config", "set", "keepalive-interval", "1ms").errors())
          .contains("keepalive-interval must be from 10ms to 60s");
      assertThat(cluster.kumoctl("config", "set", "throttle", "fast").exitCode()).isEqualTo(2);
      assertThat(cluster.kumoctl("config", "set", "throttle", "1m", cluster.manager(0)).errors())
          .contains("has throttle");
    }
  }

  @Test
  void heartbeatsOfManagersAndServersAreChangedUnderLoad() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 2, 3)) {
      SteadyLoad load = new SteadyLoad(cluster.clientPort());
      assertThat(cluster.kumoctl("config", "set", "keepalive-interval", "500ms").errors())
          .contains(cluster.manager(0), cluster.manager(1), cluster.server(0), cluster.server(2))
          .doesNotContain(String.valueOf(cluster.clientPort()));
      assertThat(cluster.kumoctl("status", "-o", "wide").output())
          .contains(cluster.manager(1) + ": keepalive-interval 500ms, and 2s by its command line")
          .contains(cluster.server(1) + ": keepalive-interval 500ms, and 2s by its command line");
      cluster.stopServer(2);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("status").output().contains("(fault)"));
      await() // A manager may still count the one that has gone among those to be told.
          .atMost(DeskCluster.PATIENCE)
          .until(
              () -> cluster.kumoctl("config", "set", "keepalive-interval", "2s").exitCode() == 0);
      assertThat(cluster.kumoctl("status", "-o", "wide").output()).doesNotContain("setting ");
      load.close();
      assertThat(load.failures()).as("of %d requests", load.requests()).isEmpty();
    }
  }

  @Test
  void limitsOfGatewaysAreChangedByWayOfTheManagers() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 1);
        TextClient open = cluster.client()) {
      String gateway = "127.0.0.1:" + cluster.clientPort();
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("gateways").output().contains(gateway));
      assertThat(cluster.kumoctl("config", "get", gateway).output())
          .containsPattern(gateway + " +max-item-size +1m +1m")
          .containsPattern(gateway + " +max-connections +1024 +1024")
          .containsPattern(gateway + " +reads +available +available");

      assertThat(open.set("key", "x".repeat(3000))).isEqualTo("STORED");
      KumoProcess.Result set = cluster.kumoctl("config", "set", "max-item-size", "2k");
      assertThat(set.errors()).contains("max-item-size is changed at [" + gateway + "]");
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> open.set("key", "x".repeat(3000)).contains("object too large"));
      assertThat(open.set("key", "x".repeat(2000))).isEqualTo("STORED");

      assertThat(cluster.kumoctl("config", "set", "max-connections", "1", gateway).exitCode())
          .isZero();
      try (TextClient refused = cluster.client()) {
        assertThat(refused.set("key", "value")).contains("Too many open connections");
      }
      assertThat(cluster.kumoctl("config", "set", "reads", "linearizable").exitCode()).isZero();
      assertThat(cluster.kumoctl("status", "-o", "wide").output())
          .contains(gateway + ": max-item-size 2k, and 1m by its command line")
          .contains(gateway + ": max-connections 1, and 1024 by its command line")
          .contains(gateway + ": reads linearizable, and available by its command line");

      assertThat(cluster.kumoctl("config", "set", "max-item-size", "100m").errors())
          .contains("max-item-size is 1024 to 67108864 here");
      assertThat(cluster.kumoctl("config", "set", "max-connections", "0").exitCode()).isEqualTo(2);
      assertThat(cluster.kumoctl("config", "set", "reads", "any").errors())
          .contains("'any' is neither linearizable nor available");
      // The gateway is in this process, and has to be there until what was logged before counts.
      Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      Level before = root.getLevel();
      assertThat(cluster.kumoctl("log-level", gateway, "error", "--for", "500ms").exitCode())
          .isZero();
      await().atMost(DeskCluster.PATIENCE).until(() -> before.equals(root.getLevel()));
    }
  }
}
