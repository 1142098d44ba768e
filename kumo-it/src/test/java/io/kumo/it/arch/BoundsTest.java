package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.Limits;
import io.kumo.core.rpc.RpcStatistics;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.server.write.round.WriteLimits;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about bounds says what the code does, and what it adds up to fits into the JVM. */
class BoundsTest {
  private static final List<String> PROCESSES = List.of("manager", "server", "gateway");
  private static final Pattern METRIC = Pattern.compile("`(kumo_rpc_[a-z_]+)`");
  private static final Pattern GATEWAY_METRIC = Pattern.compile("`(kumo_gateway_[a-z_]+)`");

  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  private static String page() throws IOException {
    return Files.readString(root().resolve("docs/internals/bounds.md"));
  }

  /** The cells of the table whose first heading is given, without headings. */
  private static List<List<String>> table(String heading) throws IOException {
    List<String> lines = page().lines().toList();
    int at = 0;
    while (!lines.get(at).startsWith("| " + heading + " |")) {
      at++;
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = at + 2; i < lines.size() && lines.get(i).startsWith("|"); i++) {
      String[] cells = lines.get(i).substring(1).split("\\|", -1);
      rows.add(Arrays.stream(cells).map(String::strip).toList());
    }
    return rows;
  }

  @Test
  void everyLimitOfTheWireIsThereWithItsValue() throws Exception {
    Map<String, Long> said =
        table("`Limits`").stream()
            .collect(Collectors.toMap(row -> row.get(0), row -> Long.parseLong(row.get(1))));
    Map<String, Long> inCode = new LinkedHashMap<>();
    for (Field field : Limits.class.getFields()) {
      inCode.put(field.getName(), ((Number) field.get(null)).longValue());
    }
    assertThat(said).isEqualTo(inCode);
  }

  @Test
  void everyMetricThatIsNamedExists() throws IOException {
    List<String> exist =
        RpcStatistics.NONE.measurements().stream().map(measurement -> measurement.name()).toList();
    List<String> named = METRIC.matcher(page()).results().map(found -> found.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(10);
    assertThat(exist).containsAll(named);
    assertThat(named).as("each is explained by a bound").containsAll(exist);
  }

  @Test
  void everyMetricOfGatewaysThatIsNamedExists() throws IOException {
    List<String> exist =
        Arrays.stream(GatewayMetric.values()).map(GatewayMetric::metricName).toList();
    List<String> named =
        GATEWAY_METRIC.matcher(page()).results().map(found -> found.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(4);
    assertThat(exist).containsAll(named);
  }

  @Test
  void theSumsFitIntoTheMemoryOfTheLaunchers() throws IOException {
    fits("outside the heap", "-XX:MaxDirectMemorySize=");
    fits("heap", "-Xmx");
  }

  private static void fits(String heading, String option) throws IOException {
    List<List<String>> rows = table(heading);
    for (int i = 0; i < PROCESSES.size(); i++) {
      int column = i + 1;
      long given = megabytes(rows.get(0).get(column));
      long sum = rows.stream().skip(1).mapToLong(row -> megabytes(row.get(column))).sum();
      assertThat(given).as(option).isEqualTo(launcherMegabytes(PROCESSES.get(i), option));
      assertThat(sum).as("%s of a %s", heading, PROCESSES.get(i)).isBetween(1L, given);
    }
  }

  private static long megabytes(String cell) {
    return cell.equals("-") ? 0 : Long.parseLong(cell);
  }

  private static long launcherMegabytes(String process, String option) throws IOException {
    String options = LauncherOptions.of(process, Map.of());
    Matcher value = Pattern.compile(Pattern.quote(option) + "(\\d+)m\\b").matcher(options);
    assertThat(value.find()).as("%s of a %s", option, process).isTrue();
    return Long.parseLong(value.group(1));
  }

  @Test
  void whatIsNotSentIsBoundedByTheMemoryOutsideTheHeapAndWritesByTheHeap() {
    for (int count = 1; count <= 2; count++) {
      try (EventLoops loops = new EventLoops("bounds", count, IoKind.best())) {
        assertThat(new NettyTransport(loops, TimeSource.system()).maxUnsentBytes())
            .isEqualTo(PlatformDependent.maxDirectMemory() / 2 / count);
      }
    }
    assertThat(WriteLimits.defaults().maxPendingBytes())
        .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
  }
}
