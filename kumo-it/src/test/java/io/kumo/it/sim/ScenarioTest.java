package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stories and what comes of them, from {@code scenarios/*.txt}: blocks of commands, {@code ----},
 * and what they answer. With {@code -Dkumo.scenarios.rewrite=true} the files are rewritten instead,
 * to be read as a change of behaviour.
 */
class ScenarioTest {
  private static final Path FOLDER = Path.of("src/test/resources/scenarios");
  private static final boolean REWRITE = Boolean.getBoolean("kumo.scenarios.rewrite");

  static List<Path> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void goesAsWritten(Path file) throws IOException {
    String expected = Files.readString(file);
    String actual = replay(expected);
    if (REWRITE) {
      Files.writeString(file, actual);
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static String replay(String text) {
    StringBuilder out = new StringBuilder();
    Scenario scenario = new Scenario();
    for (String block : text.split("\n\n+", -1)) {
      if (block.isBlank()) {
        continue;
      }
      boolean isStory = block.lines().allMatch(line -> line.startsWith("#"));
      out.append(out.isEmpty() ? "" : "\n");
      out.append(isStory ? block.strip() + "\n" : block(scenario, block));
    }
    return out.toString();
  }

  private static String block(Scenario scenario, String block) {
    StringBuilder commands = new StringBuilder();
    StringBuilder answers = new StringBuilder();
    for (String line : block.lines().takeWhile(line -> !line.equals("----")).toList()) {
      commands.append(line).append('\n');
      if (!line.startsWith("#")) {
        String answer = scenario.run(line);
        answers.append(answer.isBlank() ? "" : answer.strip() + "\n");
      }
    }
    return commands + (answers.isEmpty() ? "" : "----\n" + answers);
  }
}
