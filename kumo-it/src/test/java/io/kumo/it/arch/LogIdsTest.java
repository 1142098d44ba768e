package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.log.LogId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The lines of the log that have a number, and docs/troubleshooting.md, which lists them. */
class LogIdsTest {
  private static final Pattern CALL =
      Pattern.compile("\\b(?:log|LOG)\\.(error|warn)\\(\\s*(?:LogId\\.(\\w+),)?");
  private static final List<MatchResult> CALLS = new ArrayList<>();
  private static Path root = Path.of("").toAbsolutePath();

  @BeforeAll
  static void readSources() throws IOException {
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    for (String module : List.of("kumo-core", "kumo-manager", "kumo-server", "kumo-gateway")) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          CALLS.addAll(CALL.matcher(Files.readString(file)).results().toList());
        }
      }
    }
    assertThat(CALLS).hasSizeGreaterThan(50);
  }

  @Test
  void everyErrorHasANumber() {
    assertThat(CALLS)
        .filteredOn(call -> call.group(1).equals("error"))
        .allMatch(call -> call.group(2) != null);
  }

  @Test
  void everyNumberIsOfALine() {
    List<String> used = CALLS.stream().map(call -> call.group(2)).toList();
    assertThat(Arrays.stream(LogId.values()).map(LogId::name)).allMatch(used::contains);
  }

  @Test
  void noNumberIsUsedTwice() {
    assertThat(Arrays.stream(LogId.values()).map(LogId::getName)).doesNotHaveDuplicates();
  }

  @Test
  void thePageTellsCauseAndRemedyOfEveryNumber() throws IOException {
    List<String> rows =
        Files.readAllLines(root.resolve("docs/troubleshooting.md")).stream()
            .filter(line -> line.startsWith("| `KUMO-"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(LogId.values())
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .map(id -> "| `%s` | %s | %s |".formatted(id.getName(), id.cause(), id.remedy()))
                .toList());
  }
}
