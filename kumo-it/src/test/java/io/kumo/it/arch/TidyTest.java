package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/HACKING.md that only the source text can show. */
class TidyTest {

  private static final int MAX_FILE_LINES = 500;
  private static final int MAX_TEST_FILE_LINES = 700;
  private static final int MAX_METHOD_LINES = 60;

  private static List<Source> sources = List.of();

  /** A Java file: where it is from the repository's root, and its lines. */
  private record Source(String path, List<String> lines) {
    boolean isMain() {
      return path.contains("/src/main/");
    }
  }

  @BeforeAll
  static void readSources() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    Path top = root;
    List<Source> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(top)) {
      for (Path module : modules.filter(p -> Files.isDirectory(p.resolve("src"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files
              .filter(f -> f.toString().endsWith(".java"))
              .map(f -> new Source(top.relativize(f).toString(), lines(f)))
              .forEach(found::add);
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(20);
    sources = found;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void filesAreShort() {
    List<String> tooLong =
        sources.stream()
            .filter(s -> s.lines().size() > (s.isMain() ? MAX_FILE_LINES : MAX_TEST_FILE_LINES))
            .map(s -> s.path() + ": " + s.lines().size() + " lines")
            .toList();
    assertThat(tooLong).isEmpty();
  }

  /** Relies on the formatter: a member starts and ends at a depth of two or four blanks. */
  @Test
  void methodsAreShort() {
    Pattern start = Pattern.compile("^( {2}| {4}| {6})(?!return|new|switch|if|for|while|try)\\S.*");
    List<String> tooLong = new ArrayList<>();
    for (Source source : sources) {
      int from = -1;
      String indent = "";
      for (int i = 0; i < source.lines().size(); i++) {
        String line = source.lines().get(i);
        if (from < 0 && start.matcher(line).matches() && opensMethod(source.lines(), i)) {
          from = i;
          indent = line.substring(0, line.length() - line.stripLeading().length());
        } else if (from >= 0 && line.equals(indent + "}")) {
          if (i - from + 1 > MAX_METHOD_LINES) {
            tooLong.add(source.path() + ":" + (from + 1) + ": " + (i - from + 1) + " lines");
          }
          from = -1;
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static boolean opensMethod(List<String> lines, int index) {
    String line = lines.get(index);
    String text = line.strip();
    if (text.startsWith("*")
        || text.startsWith("/")
        || text.startsWith("@")
        || text.contains("=")) {
      return false;
    }
    if (text.matches(".*\\b(class|interface|record|enum)\\b.*") || !text.contains("(")) {
      return false;
    }
    for (int i = index; i < Math.min(index + 8, lines.size()); i++) {
      String end = lines.get(i).strip();
      if (end.endsWith(";") || end.startsWith("}")) {
        return false;
      }
      if (end.endsWith("{")) {
        return !end.endsWith("-> {");
      }
    }
    return false;
  }

  @Test
  void nothingIsLeftUndone() {
    assertThat(mainAndTestLinesWith("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b")).isEmpty();
  }

  @Test
  void importsNameWhatTheyImport() {
    assertThat(mainAndTestLinesWith("^import .*\\*;")).isEmpty();
  }

  @Test
  void mainCodeDoesNotSleep() {
    assertThat(mainLinesWith("Thread\\.sleep\\(")).isEmpty();
  }

  @Test
  void theClockPackageAloneReadsTheTime() {
    assertThat(mainLinesWith("System\\.(currentTimeMillis|nanoTime)\\(|Instant\\.now\\("))
        .allMatch(line -> line.contains("/core/clock/"));
  }

  @Test
  void noExceptionIsSwallowed() {
    assertThat(mainAndTestLinesWith("catch \\((Exception|Throwable) \\w+\\) *\\{ *\\}")).isEmpty();
  }

  @Test
  void noTestIsSwitchedOff() {
    assertThat(mainAndTestLinesWith("^\\s*@Disabled")).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItHolds() {
    List<String> packages =
        sources.stream()
            .filter(Source::isMain)
            .map(s -> s.path().substring(0, s.path().lastIndexOf('/')))
            .distinct()
            .toList();
    for (String name : packages) {
      assertThat(sources).extracting(Source::path).contains(name + "/package-info.java");
    }
  }

  private static List<String> mainLinesWith(String regex) {
    return linesWith(regex, sources.stream().filter(Source::isMain).toList());
  }

  private static List<String> mainAndTestLinesWith(String regex) {
    return linesWith(regex, sources);
  }

  private static List<String> linesWith(String regex, List<Source> where) {
    Pattern pattern = Pattern.compile(regex);
    List<String> hits = new ArrayList<>();
    for (Source source : where) {
      for (int i = 0; i < source.lines().size(); i++) {
        if (pattern.matcher(source.lines().get(i)).find()) {
          hits.add(source.path() + ":" + (i + 1) + ": " + source.lines().get(i).strip());
        }
      }
    }
    return hits;
  }
}
