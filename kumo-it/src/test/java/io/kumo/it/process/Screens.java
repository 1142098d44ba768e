package io.kumo.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where pictures of what an operator sees go: to {@code target/screens}, or with {@code
 * -Dkumo.test.screens=docs/images} to where the documents show them.
 */
final class Screens {
  private Screens() {}

  static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  static void keep(String name, byte[] picture) {
    String folder = System.getProperty("kumo.test.screens", "kumo-it/target/screens");
    try {
      Path directory = Files.createDirectories(root().resolve(folder));
      Files.write(directory.resolve(name), picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
