package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.server.metrics.ServerMetric;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers count is shown, and a full disk by every tool. */
class ServerStatisticsTest {
  @TempDir Path directory;

  @Test
  void everyCounterIsShownAndAFullDiskIsNamed() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, 1)) {
      String server = cluster.server(0);
      KumoProcess.Result metrics = Tool.kumostat(server, "metrics");
      assertThat(metrics.exitCode()).isZero();
      for (ServerMetric metric : ServerMetric.values()) {
        assertThat(metrics.output()).containsPattern("(?m)^" + metric.metricName() + " \\d+$");
      }
      assertThat(metrics.output())
          .containsPattern("(?m)^kumo_server_sets_total [1-9]\\d*$")
          .contains("kumo_server_disk_full 0\n", "kumo_bugs_total 0\n");
      assertThat(Tool.kumostat(server, "bugs")).isEqualTo(new KumoProcess.Result(0, "0\n", ""));

      int port = FreePorts.one();
      cluster.process("server-0").stop();
      cluster.useStoreArguments("--min-free", "4096t", "--metrics", "" + port);
      cluster.startServer(0);
      String full = "kumoctl: disk full on " + server;
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Tool.kumoctl(cluster.manager(0), "status").errors().contains(full));
      assertThat(Tool.kumoctl(cluster.manager(0), "status").exitCode()).isEqualTo(3);
      assertThat(Tool.kumoctl(cluster.manager(0), "du").errors())
          .contains("kumoctl: disk full on " + server);
      assertThat(Tool.kumotop(server, "-n", "1").output()).endsWith(" FULL\n");
      assertThat(Tool.kumostat(server, "metrics").exitCode()).isEqualTo(3);
      assertThat(get(port)).contains("\nkumo_server_disk_full 1.0\n", "\nkumo_server_gets_total ");
    }
  }

  private static String get(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
