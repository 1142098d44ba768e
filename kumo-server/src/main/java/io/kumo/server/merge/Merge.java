package io.kumo.server.merge;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.core.tokyo.TchContents;
import io.kumo.core.tokyo.TchException;
import io.kumo.core.tokyo.TchWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A Tokyo Cabinet file in the making that takes the newest version of each key. It has a name of
 * its own until it is whole, so that a merge that fails leaves the destination as it was.
 */
final class Merge implements Closeable {
  private final Path destination;
  private final Path temporary;
  private final TchWriter writer;
  private long merged;
  private long total;
  private boolean finished;

  private Merge(Path destination, Path temporary, TchWriter writer) {
    this.destination = destination;
    this.temporary = temporary;
    this.writer = writer;
  }

  /**
   * Begins with what the destination holds, tombstones included.
   *
   * @param records and {@code bytes} that are expected, by which the file is laid out
   */
  static Merge into(Path destination, long records, long bytes) throws IOException {
    Path temporary = destination.resolveSibling(destination.getFileName() + ".tmp");
    TchWriter writer = TchWriter.create(temporary, records, bytes);
    Merge merge = new Merge(destination, temporary, writer);
    try {
      merge.addDestination();
      return merge;
    } catch (IOException e) {
      merge.close();
      throw e;
    }
  }

  private void addDestination() throws IOException {
    if (Files.exists(destination)) {
      try (OriginalStore store = OriginalStore.open(destination, false)) {
        store.read((kind, key, value) -> writer.put(key, value));
      }
    }
  }

  /** Records that were stored so far. */
  long merged() {
    return merged;
  }

  /** Records that were looked at so far: neither tombstones nor such that are too short. */
  long total() {
    return total;
  }

  /**
   * Adds the records of a source.
   *
   * @return what is to be said of damage, empty if there is none
   */
  String add(Path source, boolean salvage) throws IOException {
    if (Files.exists(destination) && Files.isSameFile(source, destination)) {
      throw new TchException("it is the destination, too");
    }
    try (OriginalStore store = OriginalStore.open(source, salvage)) {
      String problem = store.file().problem();
      TchContents contents = store.read(this::add);
      return salvage ? Damage.describe(problem, contents, store.foreign()) : "";
    }
  }

  private void add(RecordKind kind, byte[] key, byte[] value) throws IOException {
    if (kind != RecordKind.VALUE) {
      return;
    }
    total++;
    byte[] stored = writer.get(key);
    boolean isNewer =
        stored == null
            || stored.length < Long.BYTES
            || ClockTime.isNewer(RecordKind.clockTime(value), RecordKind.clockTime(stored));
    if (isNewer) {
      writer.put(key, value);
      merged++;
    }
  }

  /** Puts the file in the destination's place. */
  void finish() throws IOException {
    writer.finish();
    writer.close();
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
  }

  /** Without {@link #finish} before, removes what was made. */
  @Override
  public void close() throws IOException {
    writer.close();
    if (!finished) {
      Files.deleteIfExists(temporary);
    }
  }
}
