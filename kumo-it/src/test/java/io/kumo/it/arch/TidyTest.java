package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/HACKING.md that only the source text can show. */
class TidyTest {

  private static final int MAX_FILE_LINES = 500;
  private static final int MAX_METHOD_LINES = 60;
  private static final int MAX_CLASSES_IN_PACKAGE = 27;

  private static List<Source> sources = List.of();

  /** A Java file: where it is from the repository's root, and its lines. */
  private record Source(String path, List<String> lines) {
    boolean isMain() {
      return path.contains("/src/main/");
    }
  }

  @BeforeAll
  static void readSources() throws IOException {
    Path top = root();
    List<Source> found = new ArrayList<>();
    for (Path module : modules()) {
      try (Stream<Path> files = Files.walk(module.resolve("src"))) {
        files
            .filter(f -> f.toString().endsWith(".java"))
            .map(f -> new Source(top.relativize(f).toString(), lines(f)))
            .forEach(found::add);
      }
    }
    assertThat(found).hasSizeGreaterThan(20);
    sources = found;
  }

  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> modules = Files.list(root())) {
      return modules.filter(p -> Files.isDirectory(p.resolve("src"))).toList();
    }
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
            .filter(s -> s.lines().size() > MAX_FILE_LINES)
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
  void theGuardAloneCatchesWhateverComes() {
    assertAllowed(CatchBlock::isBroad, AllowedCatches.BROAD);
  }

  @Test
  void noExceptionIsSwallowed() {
    assertAllowed(CatchBlock::isSilent, AllowedCatches.SILENT);
    assertThat(sources.stream().flatMap(TidyTest::catches).filter(CatchBlock::isEmpty))
        .filteredOn(block -> !block.file().equals("CrashTest.java")) // the end of what it reads
        .allMatch(
            block -> AllowedCatches.SILENT.stream().anyMatch(a -> a.key().equals(block.key())));
  }

  private static Stream<CatchBlock> catches(Source source) {
    return CatchBlock.of(source.path(), source.lines()).stream();
  }

  /** Exactly those that are listed: an entry that nothing stands for any more goes, too. */
  private static void assertAllowed(Predicate<CatchBlock> rule, List<AllowedCatches> allowed) {
    Map<String, List<CatchBlock>> found =
        sources.stream()
            .filter(Source::isMain)
            .flatMap(TidyTest::catches)
            .filter(rule)
            .collect(Collectors.groupingBy(CatchBlock::key));
    for (AllowedCatches entry : allowed) {
      assertThat(found.getOrDefault(entry.key(), List.of())).as(entry.key()).hasSize(entry.count());
      found.remove(entry.key());
    }
    assertThat(found.values()).isEmpty();
  }

  @Test
  void findsEveryFormOfSwallowing() {
    for (String caught :
        List.of(
            "} catch (IOException ignored) {\n}",
            "} catch (IOException e) { return; }",
            "} catch (IOException e) {\n // a comment about e\n return null; }",
            "} catch (final IOException\n | StoreException e) {\n log.warn(\"no\"); }")) {
      assertThat(CatchBlock.of("A.java", caught.lines().toList()))
          .as(caught)
          .singleElement()
          .matches(CatchBlock::isSilent)
          .matches(block -> !block.isBroad());
    }
    for (String types :
        List.of("Throwable", "IOException | Error", "Exception", "java.lang.Error")) {
      String caught = "} catch (" + types + " e) { throw e; }";
      assertThat(CatchBlock.of("A.java", List.of(caught)))
          .as(caught)
          .singleElement()
          .matches(CatchBlock::isBroad)
          .matches(block -> !block.isSilent());
    }
  }

  /** What such a task throws goes into a future that nobody reads, or ends the thread's work. */
  @Test
  void noTaskThrowsIntoNowhere() {
    assertThat(
            mainLinesWith(
                "(Async|AtFixedRate|WithFixedDelay)\\(|\\b(work|worker|executor|pool)\\.submit\\("
                    + "|newSingleThread|newFixedThread|newCachedThread|newScheduledThread"))
        .isEmpty();
    assertThat(mainLinesWith("FutureReturnValueIgnored"))
        .allMatch(
            line -> line.matches(".*/client/(ClientConnection|ClientLink|ReplyWriter)\\.java.*"));
    assertThat(mainLinesWith("(eventLoop\\(\\)|\\bloop)\\.(execute|schedule)\\("))
        .filteredOn(line -> !line.contains("/server/transfer/")) // a Transport of that name
        .allMatch(line -> line.matches(".*/core/net/(NettyTransport|LoopWatch)\\.java.*"));
    assertThat(mainLinesWith("void exceptionCaught\\("))
        .allMatch(line -> text(line.substring(0, line.indexOf(':'))).contains(".bug("));
    assertThat(mainLinesWith("new Thread\\("))
        .allMatch(
            line ->
                line.matches(
                    ".*/(Guard|HistoryFile|Lifecycle|ServerProcess|SystemResolver)" + "\\.java.*"));
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
      assertThat(text(name + "/package-info.java")).as(name).contains("/**", "@NullMarked");
    }
  }

  private static String text(String path) {
    return sources.stream()
        .filter(source -> source.path().equals(path))
        .map(source -> String.join("\n", source.lines()))
        .findAny()
        .orElseThrow();
  }

  @Test
  void noPackageIsCrowded() {
    Map<String, Long> classes =
        sources.stream()
            .filter(s -> s.isMain() && !s.path().endsWith("package-info.java"))
            .collect(
                Collectors.groupingBy(
                    s -> s.path().substring(0, s.path().lastIndexOf('/')), Collectors.counting()));
    classes.values().removeIf(count -> count <= MAX_CLASSES_IN_PACKAGE);
    assertThat(classes).isEmpty();
  }

  /** So that a build of all sources at once, too, tells what Maven would not compile. */
  @Test
  void mainCodeImportsOnlyFromModulesThatItsPomNames() throws IOException {
    for (Path module : modules()) {
      String name = module.getFileName().toString();
      Set<String> known = new HashSet<>(modulesInPom(module));
      known.add(name);
      assertThat(mainLinesWith("^import (static )?io\\.kumo\\."))
          .filteredOn(line -> line.startsWith(name + "/"))
          .allMatch(
              line -> known.contains("kumo-" + line.replaceAll(".*io\\.kumo\\.(\\w+).*", "$1")));
    }
  }

  @Test
  void onlyTestsDependOnTheTestkit() throws IOException {
    for (Path module : modules()) {
      assertThat(modulesInPom(module)).as(module.toString()).doesNotContain("kumo-testkit");
    }
  }

  @Test
  void theTestkitNeedsNoLibraryButWhatTheDaemonsBring() {
    assertThat(mainLinesWith("^import "))
        .filteredOn(line -> line.startsWith("kumo-testkit/"))
        .isNotEmpty()
        .allMatch(
            line ->
                line.matches(
                    ".*import (static )?(java|io\\.kumo|io\\.netty|org\\.jspecify|org\\.slf4j"
                        + "|com\\.google\\.errorprone)\\..*"));
  }

  /** Those that the main code of a module may use: all but the ones in the scope of tests. */
  private static Set<String> modulesInPom(Path module) {
    String pom = String.join("\n", lines(module.resolve("pom.xml")));
    return Pattern.compile("(?s)<dependency>(.*?)</dependency>")
        .matcher(pom)
        .results()
        .map(dependency -> dependency.group(1))
        .filter(text -> !text.contains("<scope>test</scope>"))
        .flatMap(text -> Pattern.compile("<artifactId>(kumo-.*?)<").matcher(text).results())
        .map(artifact -> artifact.group(1))
        .collect(Collectors.toSet());
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
