package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for metrics that there are, each for what it is. */
class MonitoringTest {
  private final Path root = Expressions.root();

  /** Kinds by names, as docs/metrics.md says; MetricsTest holds that equal to the daemons. */
  private Map<String, String> kinds() throws IOException {
    return Files.readAllLines(root.resolve("docs/metrics.md")).stream()
        .filter(line -> line.startsWith("| `kumo_"))
        .map(line -> line.split("\\|", -1))
        .collect(
            Collectors.toMap(
                cells -> cells[1].strip().replace("`", ""),
                cells -> cells[2].strip(),
                (one, same) -> one,
                TreeMap::new));
  }

  @Test
  void everyMetricThatIsAskedForIsThere() throws IOException {
    Map<String, String> kinds = kinds();
    assertThat(kinds).hasSizeGreaterThan(100);
    Set<String> asked = Expressions.names(Expressions.all());
    assertThat(asked).hasSizeGreaterThan(30);
    assertThat(asked).allMatch(kinds::containsKey);
  }

  @Test
  void countersAreAskedForTheirRateAndGaugesAreNot() throws IOException {
    Map<String, String> kinds = kinds();
    for (String expression : Expressions.all()) {
      for (String name : Expressions.names(List.of(expression))) {
        boolean rated = expression.matches(".*(rate|increase)\\(" + name + "\\w*\\[.*");
        boolean gauge = kinds.getOrDefault(name, "").equals("gauge");
        boolean sum = expression.equals("sum(" + name + ")");
        assertThat(rated).as(expression).isEqualTo(!gauge && !sum);
      }
    }
  }
}
