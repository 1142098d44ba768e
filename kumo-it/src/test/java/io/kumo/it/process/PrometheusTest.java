package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.it.arch.Expressions;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus reads a cluster, and knows every name that the dashboard and alerts use. */
@Tag("slow")
class PrometheusTest {
  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
  private static final Path CHECKER = Path.of("/usr/bin/promtool");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePorts.one();

  @Test
  void everyExpressionIsEvaluatedAndNoNameIsUnknown() throws Exception {
    assumeTrue(Files.isExecutable(PROMETHEUS), "prometheus is missing");
    int manager = FreePorts.one();
    int server = FreePorts.one();
    int gateway = FreePorts.one();
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.useManagerArguments("--http", "" + manager);
      cluster.useStoreArguments("--http", "" + server);
      cluster.useGatewayArguments("--http", "" + gateway);
      cluster.startAll();
      Process prometheus = start(List.of(manager, server, gateway));
      try (Load load = Load.begin(cluster.gatewayPort())) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> areUp(3));
        assertThat(load).isNotNull();
        for (String name : Expressions.names(Expressions.all())) {
          String selector = "{__name__=~\"" + name + "(_bucket)?\"}";
          await(name)
              .atMost(PATIENCE)
              .until(() -> !ask("count(" + selector + ")").path("data").path("result").isEmpty());
        }
        for (String expression : Expressions.all()) {
          assertThat(ask(expression).path("status").asText()).as(expression).isEqualTo("success");
        }
        assertThat(rules()).isEqualTo(alertCount());
      } finally {
        prometheus.destroy();
        prometheus.waitFor();
      }
    }
  }

  private Process start(List<Integer> ports) throws Exception {
    String targets = String.join(", ", ports.stream().map(p -> "'127.0.0.1:" + p + "'").toList());
    Path settings = directory.resolve("prometheus.yml");
    Files.writeString(
        settings,
        """
        global:
          scrape_interval: 1s
          evaluation_interval: 1s
        rule_files: ['%s']
        scrape_configs:
          - job_name: kumo
            static_configs: [{targets: [%s]}]
        """
            .formatted(Expressions.folder().resolve("alerts.yaml"), targets));
    Path log = directory.resolve("prometheus.log");
    Process check =
        new ProcessBuilder(CHECKER.toString(), "check", "config", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(check.waitFor()).as(Files.readString(log)).isZero();
    return new ProcessBuilder(
            PROMETHEUS.toString(),
            "--config.file=" + settings,
            "--storage.tsdb.path=" + directory.resolve("prometheus"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private boolean areUp(int count) throws Exception {
    JsonNode result = ask("sum(up{job=\"kumo\"})").path("data").path("result");
    return result.path(0).path("value").path(1).asText().equals("" + count);
  }

  private int rules() throws Exception {
    return get("/api/v1/rules").path("data").path("groups").path(0).path("rules").size();
  }

  private static int alertCount() throws Exception {
    String alerts = Files.readString(Expressions.folder().resolve("alerts.yaml"));
    return (int) alerts.lines().filter(line -> line.contains("- alert:")).count();
  }

  private JsonNode ask(String expression) throws Exception {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  private JsonNode get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return new ObjectMapper()
        .readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
