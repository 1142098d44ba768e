package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name must be there. */
class DocsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");
  private static final Pattern CLASS = Pattern.compile("`(?:[a-z.]+\\.)?([A-Z][a-z]+[A-Za-z]*)`");

  /** In running text of any page: a name of several words. */
  private static final Pattern NAME =
      Pattern.compile("`(?:[a-z.]+\\.)?([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(?:[.#(][^`]*)?`");

  /** Names of the JDK, of libraries and of other projects. */
  private static final Set<String> FOREIGN =
      Set.of(
          "ByteBuf",
          "CompletableFuture",
          "CoordinationState",
          "IllegalArgumentException",
          "StoreDirect",
          "StoreWAL",
          "ZenWithTerms");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|enum|record|interface) ([A-Z]\\w+)");
  private static final Pattern FIGURE = Pattern.compile("\\d+,\\d{3}\\b");
  private static final Pattern SCRIPT = Pattern.compile("\\bscripts/([a-z]+(?:-[a-z]+)*)");

  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(root().resolve("README.md")));
    try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    return documents;
  }

  private static Set<String> found(Pattern pattern, Path document) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(document));
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toSet());
  }

  @Test
  void linksLeadToFiles() throws IOException {
    for (Path document : documents()) {
      for (String link : found(LINK, document)) {
        assertThat(document.resolveSibling(link)).as("link in %s", document).exists();
      }
    }
  }

  @Test
  void scriptsThatAreNamedExist() throws IOException {
    for (Path document : documents()) {
      for (String script : found(SCRIPT, document)) {
        assertThat(root().resolve("scripts").resolve(script)).as("in %s", document).exists();
      }
    }
  }

  /** Whoever measures again changes both. */
  @Test
  void theFiguresOfTheReadmeAreThoseOfTheirPage() throws IOException {
    String readme = Files.readString(root().resolve("README.md"));
    String page = Files.readString(root().resolve("docs/performance.md")).replace(",", "");
    String table = readme.substring(readme.indexOf("## How fast"), readme.indexOf("## The prog"));
    List<String> figures =
        FIGURE.matcher(table).results().map(found -> found.group().replace(",", "")).toList();
    assertThat(figures).hasSizeGreaterThan(15);
    for (String figure : figures) {
      assertThat(page).contains("| " + figure + " |");
    }
  }

  @Test
  void theArchitectureNamesClassesThatExist() throws IOException {
    Set<String> named = found(CLASS, root().resolve("docs/ARCHITECTURE.md"));
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(classes()).containsAll(named);
  }

  /** A reader finds each in the table of its module, by the last part of its name. */
  @Test
  void theArchitectureNamesEveryPackage() throws IOException {
    String page = Files.readString(root().resolve("docs/ARCHITECTURE.md"));
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> modules = Files.list(root())) {
      for (Path sources : modules.map(m -> m.resolve("src/main/java/io/kumo")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files
                .filter(file -> file.endsWith("package-info.java"))
                .map(file -> sources.relativize(file.getParent()))
                .filter(name -> name.getNameCount() > 1)
                .filter(name -> !page.matches("(?s).*[`.]" + name.getFileName() + "`.*"))
                .forEach(name -> missing.add(name.toString()));
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyPageNamesClassesThatExist() throws IOException {
    Set<String> named = new HashSet<>();
    for (Path document : documents()) {
      named.addAll(found(NAME, document));
    }
    named.removeAll(FOREIGN);
    assertThat(named).hasSizeGreaterThan(80);
    assertThat(classes()).containsAll(named);
  }

  /** All that has a file or is declared in one. */
  private static Set<String> classes() throws IOException {
    Set<String> classes = new HashSet<>();
    try (Stream<Path> modules = Files.list(root())) {
      for (Path sources : modules.map(m -> m.resolve("src")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            classes.addAll(found(DECLARED, file));
          }
        }
      }
    }
    return classes;
  }
}
