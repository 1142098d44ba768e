package io.kumo.it.desk;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Damage to what a server has on its disk, and its return. */
final class FlippedBits {
  private FlippedBits() {}

  /**
   * Changes a bit of the first place in each data file that has this text.
   *
   * @return the places
   */
  static int flip(Path store, String text) throws IOException {
    int flipped = 0;
    for (Path file : records(store)) {
      byte[] bytes = Files.readAllBytes(file);
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
      if (at >= 0) {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
          raw.seek(at);
          raw.write(bytes[at] ^ 1);
        }
        flipped++;
      }
    }
    return flipped;
  }

  /**
   * Changes a bit of every place that has this text: some are of records that are no more.
   *
   * @return the places
   */
  static int flipAll(Path store, String text) throws IOException {
    int flipped = 0;
    for (Path file : records(store)) {
      byte[] bytes = Files.readAllBytes(file);
      String all = new String(bytes, StandardCharsets.ISO_8859_1);
      try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
        for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + text.length())) {
          raw.seek(at);
          raw.write(bytes[at] ^ 1);
          flipped++;
        }
      }
    }
    return flipped;
  }

  /** The data files of a store. */
  static List<Path> records(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files
          .filter(f -> f.getFileName().toString().matches("records\\.\\d+"))
          .sorted()
          .toList();
    }
  }

  /** Starts a server that was stopped, once that was noticed; returns when it serves. */
  static void restart(DeskCluster cluster, int server) throws IOException {
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("status").output().contains("(fault)"));
    cluster.startServer(server);
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(
            () ->
                cluster.kumoctl("attach", "--wait").exitCode() == 0
                    && !cluster.kumoctl("status").output().contains("(fault)"));
    cluster.awaitSteady();
  }
}
