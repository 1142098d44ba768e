package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.rpc.RpcStatistics;
import io.kumo.server.metrics.ServerMetric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every daemon shows what it measures where it is told to. */
class MetricsTest {
  @TempDir Path directory;

  private final String manager = address();

  @Test
  void aManagerShowsWhatItHolds() throws Exception {
    assertThat(shownBy("io.kumo.manager.ManagerMain", "-l", manager)).contains(everyDaemons());
  }

  @Test
  void aServerShowsAllItsCounters() throws Exception {
    String store = directory.resolve("store").toString();
    String[] arguments = {"-m", manager, "-l", address(), "-L", address(), "-s", store};
    assertThat(shownBy("io.kumo.server.ServerMain", arguments))
        .contains(everyDaemons())
        .contains(Stream.of(ServerMetric.values()).map(ServerMetric::metricName).toList());
  }

  @Test
  void aGatewayShowsWhatItsLoopsHold() throws Exception {
    String[] arguments = {"-m", manager, "-t", address(), "--threads", "2"};
    assertThat(shownBy("io.kumo.gateway.GatewayMain", arguments))
        .contains(everyDaemons())
        .contains("kumo_gateway_cmd_get_total");
  }

  private static List<String> everyDaemons() {
    return Stream.concat(
            Stream.of("kumo_bugs_total"),
            RpcStatistics.NONE.measurements().stream().map(measurement -> measurement.name()))
        .toList();
  }

  private String shownBy(String mainClass, String... arguments) throws Exception {
    String where = address();
    List<String> all = Stream.concat(Stream.of("--metrics", where), Stream.of(arguments)).toList();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + where + "/metrics")).build();
    try (KumoProcess daemon = KumoProcess.start(directory.resolve("log"), mainClass, all)) {
      HttpClient client = HttpClient.newHttpClient();
      return await("metrics of process " + daemon.pid())
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () -> client.send(request, HttpResponse.BodyHandlers.ofString()).body(),
              body -> !body.isEmpty());
    }
  }

  private static String address() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
