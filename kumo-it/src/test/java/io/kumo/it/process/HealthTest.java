package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each daemon says of its health as a cluster comes into being and loses its server. */
class HealthTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final int manager = FreePorts.one();
  private final int server = FreePorts.one();
  private final int gateway = FreePorts.one();

  @Test
  void aDaemonIsReadyWhenItCanServeAndSaysWhatItLacksBefore() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.useManagerArguments("--http", "" + manager);
      cluster.useStoreArguments("--http", "" + server);
      cluster.useGatewayArguments("--metrics", "" + gateway);
      cluster.startGateway();
      awaitAnswer(gateway, "not ready: no manager answers\n");
      cluster.startManager(0);
      cluster.startServer(0);
      cluster.awaitNewcomers(1);
      awaitAnswer(gateway, "not ready: no server is attached\n");
      awaitAnswer(server, "not ready: it is detached\n");
      awaitAnswer(manager, "not ready: it knows of no server that is active\n");
      assertThat(status(server).path("lacks").asText()).isEqualTo("it is detached");

      cluster.attach();
      for (int port : List.of(manager, server, gateway)) {
        awaitAnswer(port, "ready\n");
        assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);
      }
      assertThat(status(manager).path("servers").path(0).path("address").asText())
          .isEqualTo(cluster.server(0));
      assertThat(status(server).path("state").asText()).isEqualTo("serving");
      JsonNode seen = status(gateway).path("view").path("nodes").path(0);
      assertThat(seen.path("address").asText()).isEqualTo(cluster.server(0));
      assertThat(seen.path("active").asBoolean()).isTrue();

      cluster.process("server-0").kill();
      await()
          .atMost(PATIENCE)
          .until(() -> get(gateway, "/readyz").body().startsWith("not ready: no "));
      assertThat(get(gateway, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(gateway, "/readyz").statusCode()).isEqualTo(503);
    }
  }

  private void awaitAnswer(int port, String answer) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get(port, "/readyz").body(), answer::equals);
  }

  private JsonNode status(int port) throws Exception {
    return new ObjectMapper().readTree(get(port, "/status.json").body());
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
