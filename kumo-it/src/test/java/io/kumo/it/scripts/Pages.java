package io.kumo.it.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The README and docs, and the blocks of text in them that a reader might type. */
final class Pages {
  private Pages() {}

  static Path root() {
    return Script.folder().getParent();
  }

  /** Their text by their paths from the root. */
  static Map<String, String> all() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      Stream<Path> top = Stream.of("README.md", "CONTRIBUTING.md").map(root()::resolve);
      Stream.concat(top, docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(files::add);
    }
    Map<String, String> pages = new LinkedHashMap<>();
    for (Path file : files) {
      pages.put(root().relativize(file).toString(), Files.readString(file));
    }
    return pages;
  }

  /** The lines of each block whose language is not named, comments at their ends left out. */
  static List<List<String>> blocks(String page) {
    String[] parts = page.split("(?m)^```", -1);
    List<List<String>> blocks = new ArrayList<>();
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("\n")) {
        blocks.add(
            parts[i]
                .lines()
                .map(line -> line.replaceAll("\\s+# .*", ""))
                .filter(line -> !line.isBlank() && !line.startsWith("# "))
                .toList());
      }
    }
    return blocks;
  }

  /** The block of a page that begins with this. */
  static List<String> block(String page, String start) {
    try {
      return blocks(Files.readString(root().resolve(page))).stream()
          .filter(block -> block.get(0).startsWith(start))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(page + " has no block " + start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
