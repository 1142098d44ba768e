package io.kumo.server.merge;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.core.tokyo.TchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A Tokyo Cabinet file in the making that takes the newest version of each key. It has a name of
 * its own until it is whole, so that a merge that fails leaves the destination as it was.
 */
final class TchTarget implements MergeTarget {
  private final Path destination;
  private final Path temporary;
  private final TchWriter writer;
  private long merged;
  private long total;
  private boolean finished;

  private TchTarget(Path destination, Path temporary, TchWriter writer) {
    this.destination = destination;
    this.temporary = temporary;
    this.writer = writer;
  }

  /**
   * Begins with what the destination holds, tombstones included.
   *
   * @param records and {@code bytes} that are expected, by which the file is laid out
   */
  static TchTarget into(Path destination, long records, long bytes) throws IOException {
    Path temporary = destination.resolveSibling(destination.getFileName() + ".tmp");
    TchWriter writer = TchWriter.create(temporary, records, bytes);
    TchTarget target = new TchTarget(destination, temporary, writer);
    try {
      target.addDestination();
      return target;
    } catch (IOException e) {
      target.close();
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

  @Override
  public long merged() {
    return merged;
  }

  /** Neither tombstones, which it does not keep, nor what is too short to be any record. */
  @Override
  public long total() {
    return total;
  }

  @Override
  public void add(RecordKind kind, byte[] key, byte[] value) throws IOException {
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
  @Override
  public void finish() throws IOException {
    writer.finish();
    writer.close();
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
  }

  @Override
  public void close() throws IOException {
    writer.close();
    if (!finished) {
      Files.deleteIfExists(temporary);
    }
  }
}
