package io.kumo.tools.importing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.core.tokyo.TchContents;
import io.kumo.core.tokyo.TchException;
import io.kumo.core.tokyo.TchHeader;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a server's database holds, counted without keeping any of it. */
final class Survey {
  private final Path path;
  private final TchHeader header;
  private final long fileBytes;
  private final String damage;
  private final TchContents contents;
  private final Counts counts;

  private static final class Counts {
    private long values;
    private long tombstones;
    private long tooShort;
    private long keyBytes;
    private long valueBytes;
    private @Nullable Long oldest;
    private @Nullable Long newest;

    void add(RecordKind kind, byte[] key, byte[] value) {
      keyBytes += key.length;
      valueBytes += value.length;
      switch (kind) {
        case VALUE -> values++;
        case TOMBSTONE -> tombstones++;
        case SHORT, FOREIGN -> {
          tooShort++;
          return;
        }
      }
      long clockTime = RecordKind.clockTime(value);
      oldest = oldest == null || ClockTime.isNewer(oldest, clockTime) ? clockTime : oldest;
      newest = newest == null || ClockTime.isNewer(clockTime, newest) ? clockTime : newest;
    }
  }

  private Survey(
      Path path, OriginalStore store, String damage, TchContents contents, Counts counts) {
    this.path = path;
    this.header = store.file().header();
    this.fileBytes = store.file().fileBytes();
    this.damage = damage;
    this.contents = contents;
    this.counts = counts;
  }

  /** Of a damaged file, counts what salvaging would give. */
  static Survey of(Path path) throws IOException {
    String refused;
    try (OriginalStore store = OriginalStore.open(path, false)) {
      Counts counts = new Counts();
      return new Survey(path, store, "", store.read(counts::add), counts);
    } catch (TchException e) {
      refused = String.valueOf(e.getMessage());
    }
    try (OriginalStore store = OriginalStore.open(path, true)) {
      Counts counts = new Counts();
      TchContents contents = store.read(counts::add);
      String found = Damage.describe(null, contents, store.foreign());
      String damage = found.isEmpty() ? refused : refused + "; " + found;
      return new Survey(path, store, damage, contents, counts);
    }
  }

  boolean isSound() {
    return damage.isEmpty();
  }

  String text() {
    String order = isBigEndian() ? "big" : "little";
    return """
    %s: Tokyo Cabinet hash file, %s endian%s, %d bytes
    records  %d: %d values, %d tombstones, %d too short to be either
    bytes    %d of keys, %d of values, %d free in %d blocks
    oldest   %s
    newest   %s
    damage   %s
    """
        .formatted(
            path,
            order,
            header.deflate() ? ", deflate" : "",
            fileBytes,
            counts.values + counts.tombstones + counts.tooShort,
            counts.values,
            counts.tombstones,
            counts.tooShort,
            counts.keyBytes,
            counts.valueBytes,
            contents.freeBytes(),
            contents.freeBlocks(),
            text(counts.oldest),
            text(counts.newest),
            isSound() ? "none" : damage);
  }

  private boolean isBigEndian() {
    return header.order() == ByteOrder.BIG_ENDIAN;
  }

  private static String text(@Nullable Long clockTime) {
    return clockTime == null ? "-" : ClockTime.format(clockTime);
  }

  ObjectNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("file", path.toString()).put("bytes", fileBytes);
    object.put("order", isBigEndian() ? "big" : "little").put("deflate", header.deflate());
    object.put("values", counts.values).put("tombstones", counts.tombstones);
    object.put("short", counts.tooShort);
    object.put("keyBytes", counts.keyBytes).put("valueBytes", counts.valueBytes);
    object.put("freeBytes", contents.freeBytes()).put("freeBlocks", contents.freeBlocks());
    put(object, "oldest", counts.oldest);
    put(object, "newest", counts.newest);
    return object.put("damage", isSound() ? null : damage);
  }

  private static void put(ObjectNode object, String name, @Nullable Long clockTime) {
    if (clockTime == null) {
      object.putNull(name);
      return;
    }
    object
        .putObject(name)
        .put("time", ClockTime.seconds(clockTime))
        .put("clock", Integer.toUnsignedLong(ClockTime.counter(clockTime)));
  }
}
