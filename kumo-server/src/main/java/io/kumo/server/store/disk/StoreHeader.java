package io.kumo.server.store.disk;

import io.kumo.server.store.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the file {@code kumo-store} says: that the directory is a store, and whose.
 *
 * @param node whose store this is
 * @param storeId random, stands in every log segment
 * @param shards number of data files
 * @param segmentBytes length of a log segment
 * @param epoch number of times the store was opened
 * @param clean whether it was closed, and not killed, since
 */
public record StoreHeader(
    String node, long storeId, int shards, int segmentBytes, int epoch, boolean clean) {
  public static final String NAME = "kumo-store";
  private static final String MAKING = "kumo-store-making";
  private static final int FORMAT = 1;

  /** Reads the header, null when there is none. */
  public static @Nullable StoreHeader read(Disk disk) throws IOException {
    byte[] content;
    try {
      content = SmallFile.read(disk, NAME);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Code.CORRUPT,
          "%s in %s is damaged (%s); restore it from a backup"
              .formatted(NAME, disk.describe(), e.getMessage()),
          e);
    }
    if (content == null) {
      return null;
    }
    Properties lines = new Properties();
    lines.load(new StringReader(new String(content, StandardCharsets.UTF_8)));
    String format = lines.getProperty("format", "?");
    if (!format.equals(Integer.toString(FORMAT))) {
      throw new StoreException(
          StoreException.Code.FOREIGN,
          "%s is a kumo store of format %s, this server reads format %d; use the matching kumo"
              .formatted(disk.describe(), format, FORMAT));
    }
    return new StoreHeader(
        lines.getProperty("node", ""),
        Long.parseUnsignedLong(lines.getProperty("store", "0"), 16),
        Integer.parseInt(lines.getProperty("shards", "0")),
        Integer.parseInt(lines.getProperty("segment", "0")),
        Integer.parseInt(lines.getProperty("epoch", "0")),
        Boolean.parseBoolean(lines.getProperty("clean", "false")));
  }

  public void write(Disk disk) throws IOException {
    String content =
        "format=%d\nnode=%s\nstore=%016x\nshards=%d\nsegment=%d\nepoch=%d\nclean=%s\n"
            .formatted(FORMAT, node, storeId, shards, segmentBytes, epoch, clean);
    SmallFile.write(disk, NAME, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Says that a store is being made here and nothing in the directory counts yet. */
  public static void beginMaking(Disk disk) throws IOException {
    SmallFile.write(disk, MAKING, new byte[0]);
  }

  public static boolean isBeingMade(Disk disk) {
    return disk.exists(MAKING);
  }

  public static void endMaking(Disk disk) throws IOException {
    disk.delete(MAKING);
    disk.syncNames();
  }

  /** The header of the next opening. */
  public StoreHeader opened() {
    return new StoreHeader(node, storeId, shards, segmentBytes, epoch + 1, false);
  }

  /** The header after a clean close. */
  public StoreHeader closed() {
    return new StoreHeader(node, storeId, shards, segmentBytes, epoch, true);
  }

  /** How many leading bits of a hash choose the shard. */
  public int shardBits() {
    return Integer.numberOfTrailingZeros(shards);
  }
}
