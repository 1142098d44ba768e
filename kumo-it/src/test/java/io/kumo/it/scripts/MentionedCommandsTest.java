package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Commands that pages mention in running text, which no test types: their programs exist and know
 * the words and options behind them.
 */
class MentionedCommandsTest {
  private static final Pattern MENTIONED = Pattern.compile("`([^`]+)`");
  private static final Pattern VARIABLES = Pattern.compile("^([A-Z_]+=(\"[^\"]*\"|\\S+) )+");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*(\\|[a-z-]+)*");

  /** In images only, where ContainerTest runs it. */
  private static final String HEALTH_CHECK = "kumo-healthcheck";

  private static final Map<String, CommandLine> PROGRAMS = new LinkedHashMap<>();
  private static final List<String> UNKNOWN = new ArrayList<>();

  @BeforeAll
  static void findPrograms() throws Exception {
    for (String main : ManPagesTest.programs()) {
      Callable<?> program =
          Class.forName(main).asSubclass(Callable.class).getDeclaredConstructor().newInstance();
      CommandLine command = Cli.whole(program);
      PROGRAMS.put(command.getCommandName(), command);
    }
  }

  /** Each once, with its pages. */
  private static Map<String, Set<String>> mentioned() throws IOException {
    Map<String, String> pages = new LinkedHashMap<>(Pages.all());
    pages.put("CHANGELOG.md", Files.readString(Pages.root().resolve("CHANGELOG.md")));
    Map<String, Set<String>> mentioned = new LinkedHashMap<>();
    pages.forEach(
        (page, text) ->
            MENTIONED
                .matcher(text.replaceAll("(?s)```.*?```", ""))
                .results()
                .map(found -> found.group(1).replaceAll("\\s+", " "))
                .map(command -> VARIABLES.matcher(command).replaceFirst(""))
                .forEach(
                    command -> mentioned.computeIfAbsent(command, c -> new TreeSet<>()).add(page)));
    return mentioned;
  }

  @Test
  void theirProgramsKnowTheirWordsAndOptions() throws IOException {
    int checked = 0;
    for (Map.Entry<String, Set<String>> each : mentioned().entrySet()) {
      List<String> words = List.of(each.getKey().replaceAll("[\\[\\]]", "").split(" "));
      String name = words.get(0).replaceFirst("^scripts/", "");
      List<String> rest = words.subList(1, words.size());
      CommandLine program = PROGRAMS.get(name);
      if (program != null) {
        check(program, rest, each.toString());
        checked++;
      } else if (words.get(0).matches("scripts/[a-z]+")) {
        checkScript(name, rest, each.toString());
        checked++;
      } else if (name.matches("kumo[a-z-]+") && !rest.isEmpty() && !name.equals(HEALTH_CHECK)) {
        UNKNOWN.add("no " + name + " for " + each);
      } else if (name.equals("mvn")) {
        checkMaven(rest, each.toString());
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(80);
    assertThat(UNKNOWN).isEmpty();
  }

  private static void check(CommandLine program, List<String> words, String where) {
    CommandLine command = program;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("-")) {
        OptionSpec option = option(command, program, word);
        if (option == null) {
          UNKNOWN.add(word + " in " + where);
        } else if (option.arity().min() > 0 && !word.contains("=")) {
          i++;
        }
      } else if (WORD.matcher(word).matches()) {
        command = below(command, word, where);
      }
    }
  }

  private static @Nullable OptionSpec option(
      CommandLine command, CommandLine program, String word) {
    String name = word.replaceFirst("=.*", "");
    return Stream.of(command, program)
        .map(known -> known.getCommandSpec().findOption(name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The command that a word names; of words with a bar between them the first one. */
  private static CommandLine below(CommandLine command, String word, String where) {
    Map<String, CommandLine> known = command.getSubcommands();
    boolean statistics = command.getCommandName().equals("kumostat");
    if (known.isEmpty() && !statistics) {
      return command;
    }
    String usage = command.getUsageMessage();
    List<String> words = List.of(word.split("\\|", -1));
    for (String one : words) {
      boolean isKnown =
          statistics ? usage.matches("(?s).*\\b" + one + "\\b.*") : known.containsKey(one);
      if (!isKnown) {
        UNKNOWN.add(one + " in " + where);
      }
    }
    return known.getOrDefault(words.get(0), command);
  }

  private static void checkScript(String name, List<String> words, String where)
      throws IOException {
    Path script = Script.folder().resolve(name);
    if (!Files.exists(script)) {
      UNKNOWN.add("no " + name + " for " + where);
      return;
    }
    StringBuilder text = new StringBuilder(Files.readString(script));
    try (Stream<Path> parts = Files.list(Script.folder().resolve("lib"))) {
      for (Path part : parts.filter(p -> p.getFileName().toString().startsWith(name)).toList()) {
        text.append(Files.readString(part));
      }
    }
    for (String word : words) {
      boolean checked = word.startsWith("-") || word.matches("[a-z]{2,}");
      if (checked && !text.toString().matches("(?s).*(?<![\\w-])" + word + "(?![\\w-]).*")) {
        UNKNOWN.add(word + " in " + where);
      }
    }
  }

  /** A test that is to run alone is in a module that is named. */
  private static void checkMaven(List<String> words, String where) throws IOException {
    int named = words.indexOf("-pl") + 1;
    List<String> modules = named > 0 ? List.of(words.get(named).split(",")) : List.of();
    for (String module : modules) {
      if (!Files.isDirectory(Pages.root().resolve(module))) {
        UNKNOWN.add("module " + module + " in " + where);
      }
    }
    for (String word : words) {
      if (word.startsWith("-Dtest=") && !isIn(modules, word.substring("-Dtest=".length()))) {
        UNKNOWN.add(word + " in " + where);
      }
    }
  }

  private static boolean isIn(List<String> modules, String test) throws IOException {
    for (String module : modules) {
      try (Stream<Path> files = Files.walk(Pages.root().resolve(module))) {
        if (files.anyMatch(file -> file.endsWith(test + ".java"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** A long option alone is one of some program, or of a script. */
  @Test
  void optionsThatAreMentionedAloneExist() throws IOException {
    Set<String> known = new TreeSet<>();
    PROGRAMS.values().forEach(program -> collect(program, known));
    StringBuilder scripts = new StringBuilder();
    try (Stream<Path> files = Files.list(Script.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        scripts.append(Files.readString(file));
      }
    }
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Set<String>> each : mentioned().entrySet()) {
      Arrays.stream(each.getKey().split("[\\s\\[\\]=,]"))
          .filter(word -> each.getKey().startsWith("--") && word.matches("--[a-z][a-z-]+"))
          .filter(word -> !known.contains(word) && scripts.indexOf(word) < 0)
          .forEach(word -> unknown.add(word + " in " + each));
    }
    assertThat(known).hasSizeGreaterThan(100);
    assertThat(unknown).isEmpty();
  }

  private static void collect(CommandLine command, Set<String> names) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      names.addAll(List.of(option.names()));
    }
    command.getSubcommands().values().forEach(below -> collect(below, names));
  }
}
