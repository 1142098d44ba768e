package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.metrics.LoopDelays;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.rpc.RpcStatistics;
import io.kumo.gateway.metrics.GatewayHistogram;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.manager.metrics.ManagerMetric;
import io.kumo.server.metrics.ServerHistogram;
import io.kumo.server.metrics.ServerMetric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every daemon shows what it measures where it is told to, and docs/metrics.md lists that: each
 * name with its kind and its help text, no more and no less.
 */
class MetricsTest {
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?m)^# HELP (\\w+) (.+)\\n# TYPE \\1 (counter|gauge|histogram)\\n\\1\\S* -?[\\d.E-]+$");

  @TempDir Path directory;

  private final String manager = address();

  @Test
  void aManagerShowsWhatItKnowsOfTheCluster() throws Exception {
    List<String> rows = rows(shownBy("io.kumo.manager.ManagerMain", "-l", manager));
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(documented("kumo-manager", "Every daemon"));
    assertThat(names(rows))
        .containsAll(everyDaemons())
        .containsAll(Stream.of(ManagerMetric.values()).map(ManagerMetric::metricName).toList());
  }

  @Test
  void aServerShowsAllItsCounters() throws Exception {
    String store = directory.resolve("store").toString();
    String[] arguments = {"-m", manager, "-l", address(), "-L", address(), "-s", store};
    List<String> rows = rows(shownBy("io.kumo.server.ServerMain", arguments));
    assertThat(rows).containsExactlyInAnyOrderElementsOf(documented("kumo-server", "Every daemon"));
    assertThat(names(rows))
        .containsAll(everyDaemons())
        .containsAll(Stream.of(ServerMetric.values()).map(ServerMetric::metricName).toList())
        .containsAll(Stream.of(ServerHistogram.values()).map(ServerHistogram::metricName).toList());
  }

  @Test
  void aGatewayShowsAllThatItsLoopsCount() throws Exception {
    String[] arguments = {"-m", manager, "-t", address(), "--threads", "2"};
    List<String> rows = rows(shownBy("io.kumo.gateway.GatewayMain", arguments));
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(documented("kumo-gateway", "Every daemon"));
    assertThat(names(rows))
        .containsAll(everyDaemons())
        .containsAll(Stream.of(GatewayMetric.values()).map(GatewayMetric::metricName).toList())
        .containsAll(
            Stream.of(GatewayHistogram.values()).map(GatewayHistogram::metricName).toList());
  }

  /** A help text says what the name cannot. */
  @Test
  void helpTextsAreSentences() throws Exception {
    List<String> rows = documented("Every daemon", "kumo-manager", "kumo-server", "kumo-gateway");
    assertThat(rows)
        .isNotEmpty()
        .allMatch(row -> row.matches("\\| `\\w+` \\| \\w+ \\| [A-Z]\\S* .*\\w\\. \\|"));
    assertThat(rows.stream().map(row -> row.split("\\|", -1)[3])).doesNotHaveDuplicates();
  }

  private static List<String> everyDaemons() {
    return Stream.concat(
            Stream.of("kumo_bugs_total", LoopDelays.ofProcess().histogram().name()),
            Stream.of(RpcStatistics.NONE.measurements(), LoopDelays.ofProcess().measurements())
                .flatMap(List::stream)
                .map(Measurement::name))
        .toList();
  }

  private static List<String> rows(String shown) {
    return SHOWN
        .matcher(shown)
        .results()
        .map(m -> "| `%s` | %s | %s |".formatted(m.group(1), m.group(3), m.group(2)))
        .toList();
  }

  private static List<String> names(List<String> rows) {
    return rows.stream().map(row -> row.split("`", -1)[1]).toList();
  }

  /** The rows of these chapters of docs/metrics.md. */
  private static List<String> documented(String... chapters) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    String text = Files.readString(root.resolve("docs/metrics.md"));
    return Stream.of(chapters)
        .map(chapter -> text.substring(text.indexOf("## " + chapter + "\n") + 1))
        .flatMap(rest -> rest.lines().skip(1).takeWhile(line -> !line.startsWith("## ")))
        .filter(line -> line.startsWith("| `"))
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
