package io.kumo.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Maven has packed. */
final class Packed {
  private Packed() {}

  static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-dist"))) {
      root = root.getParent();
    }
    return root;
  }

  static Path target() {
    return root().resolve("kumo-dist/target");
  }

  static Path tree() {
    return target().resolve("tree");
  }

  static Path tar() throws IOException {
    return one("kumo-*.tar.gz");
  }

  static Path deb() throws IOException {
    return one("kumo_*_all.deb");
  }

  private static Path one(String pattern) throws IOException {
    try (var found = Files.newDirectoryStream(target(), pattern)) {
      return found.iterator().next();
    }
  }

  /** The names of the programs. */
  static List<String> programs() throws IOException {
    try (Stream<Path> launchers = Files.list(root().resolve("scripts"))) {
      return launchers
          .map(launcher -> launcher.getFileName().toString())
          .filter(name -> name.startsWith("kumo"))
          .sorted()
          .toList();
    }
  }
}
