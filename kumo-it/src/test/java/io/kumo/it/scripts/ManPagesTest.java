package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.man.ManPages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages that {@code scripts/man} writes leave nothing out. */
class ManPagesTest {
  private static final Path PROGRAMS = root().resolve("scripts/lib/programs.sh");

  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  /** The main classes that the scripts know. */
  static List<String> programs() throws Exception {
    try (Stream<String> lines = Files.lines(PROGRAMS)) {
      return lines
          .filter(line -> line.contains("Main"))
          .map(line -> line.replaceAll(".*:([A-Za-z.]+)\"?", "$1"))
          .toList();
    }
  }

  @Test
  void everyLauncherIsAmongThePrograms() throws Exception {
    String known = Files.readString(PROGRAMS);
    try (Stream<Path> scripts = Files.list(root().resolve("scripts"))) {
      assertThat(scripts.map(script -> script.getFileName().toString()))
          .filteredOn(name -> name.startsWith("kumo"))
          .hasSizeGreaterThan(6)
          .allMatch(name -> known.contains(name + ":io.kumo."));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyCommandHasAPageAndEveryOptionIsInIt(String main) throws Exception {
    Class<?> type = Class.forName(main);
    Callable<?> program = type.asSubclass(Callable.class).getDeclaredConstructor().newInstance();
    Map<String, String> pages = ManPages.of(program);
    check(Cli.whole(program), pages);
  }

  private static void check(CommandLine command, Map<String, String> pages) {
    String name = command.getCommandSpec().qualifiedName("-");
    String page = pages.get(name);
    assertThat(page).as(name).startsWith(".TH ").contains(".SH NAME", ".SH SYNOPSIS");
    String text = page.replace("\\-", "-");
    assertThat(text).as(name).containsPattern("\n" + name + " - \\w").doesNotContain("${");
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        assertThat(text).as(name).contains(List.of(option.names()));
      }
    }
    command
        .getSubcommands()
        .forEach(
            (word, below) -> {
              assertThat(text).as(name).contains(word);
              check(below, pages);
            });
  }
}
