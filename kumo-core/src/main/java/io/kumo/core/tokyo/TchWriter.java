package io.kumo.core.tokyo;

import io.kumo.core.file.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a Tokyo Cabinet hash file, as Debian's library does: big endian, not compressed. The
 * bucket array is kept in memory, 8 bytes an entry. Until {@link #finish} the file is marked as
 * open, so that nobody takes it for whole. Not thread-safe.
 */
public final class TchWriter implements Closeable {
  private static final int DEFAULT_BUCKETS = 131071;
  private static final int MAX_BUCKETS = (1 << 24) - 3;
  private static final long LARGE_FROM_BYTES = 60L << 30;
  private static final int MAX_PADDING = 0xffff;

  private final TchLayout layout;
  private final TailFile file;
  private final long[] buckets;
  private long records;

  /**
   * Where a key is, or would be.
   *
   * @param parent of the record, or of what would be it; null if its bucket points to it
   * @param left whether it is the left child of the parent
   */
  private record Place(
      int bucket, @Nullable TchBlock parent, boolean left, @Nullable TchBlock block) {}

  private TchWriter(TchLayout layout, TailFile file) {
    this.layout = layout;
    this.file = file;
    this.buckets = new long[(int) layout.buckets()];
  }

  /**
   * Makes a file, in place of any that has the name.
   *
   * @param expectedRecords and {@code expectedBytes} of keys and values together: a guess, by which
   *     the bucket array is sized and the width of offsets chosen
   */
  public static TchWriter create(Path path, long expectedRecords, long expectedBytes)
      throws IOException {
    long buckets = Math.min(Math.max(expectedRecords * 2 | 1, DEFAULT_BUCKETS), MAX_BUCKETS);
    boolean isLarge = expectedBytes + expectedRecords * 64 > LARGE_FROM_BYTES;
    return create(path, TchLayout.ofDebian(isLarge, buckets));
  }

  static TchWriter create(Path path, TchLayout layout) throws IOException {
    FileChannel channel = PrivateFiles.open(path);
    try {
      channel.truncate(0);
      TchWriter writer = new TchWriter(layout, new TailFile(channel, layout.firstBlock()));
      writer.writeHead(TchHeader.OPEN);
      return writer;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public long records() {
    return records;
  }

  /** Returns a copy of the value, null if the key has none. */
  public byte @Nullable [] get(byte[] key) throws IOException {
    TchBlock block = find(key).block;
    return block == null ? null : file.read(block.valueOffset(), block.valueBytes()).array();
  }

  /** Stores a value, in place of any that the key has. */
  public void put(byte[] key, byte[] value) throws IOException {
    Place place = find(key);
    TchBlock old = place.block;
    if (old == null) {
      link(place, append(key, value, 0, 0));
      records++;
    } else if (!putInPlace(old, key, value)) {
      link(place, append(key, value, old.left(), old.right()));
      free(old);
    }
  }

  /** Writes all to the disk and marks the file as closed; nothing may be put after. */
  public void finish() throws IOException {
    file.sync();
    int perPart = 1 << 13;
    ByteBuffer part = ByteBuffer.allocate(perPart * layout.pointerBytes()).order(layout.order());
    for (int from = 0; from < buckets.length; from += perPart) {
      part.clear();
      for (int i = from; i < Math.min(from + perPart, buckets.length); i++) {
        layout.putPointer(part, buckets[i]);
      }
      long offset = TchLayout.HEADER_BYTES + (long) from * layout.pointerBytes();
      file.patch(offset, part.flip());
    }
    file.sync();
    writeHead(0);
    file.sync();
  }

  private void writeHead(int flags) throws IOException {
    file.patch(0, new TchHeader(layout, flags, false, records, file.end()).encode());
  }

  private Place find(byte[] key) throws IOException {
    int bucket = (int) TchKey.bucket(key, layout.buckets());
    int hash = TchKey.treeHash(key);
    TchBlock parent = null;
    boolean left = false;
    for (long offset = buckets[bucket]; offset != 0; ) {
      ByteBuffer head = file.read(offset, TchBlock.MAX_HEAD_BYTES).order(layout.order());
      TchBlock block = TchBlock.parse(head, offset, layout, file.end());
      int order = Integer.compare(hash, block.treeHash());
      if (order == 0) {
        order = TchKey.compare(key, file.read(block.keyOffset(), block.keyBytes()).array());
      }
      if (order == 0) {
        return new Place(bucket, parent, left, block);
      }
      parent = block;
      left = order > 0;
      offset = left ? block.left() : block.right();
    }
    return new Place(bucket, parent, left, null);
  }

  private void link(Place place, long offset) throws IOException {
    if (place.parent == null) {
      buckets[place.bucket] = offset;
      return;
    }
    ByteBuffer pointer = ByteBuffer.allocate(layout.pointerBytes()).order(layout.order());
    layout.putPointer(pointer, offset);
    long field = place.parent.offset() + TchBlock.LEFT_OFFSET;
    file.patch(place.left ? field : field + layout.pointerBytes(), pointer.flip());
  }

  /** Returns the offset of the record. */
  private long append(byte[] key, byte[] value, long left, long right) throws IOException {
    long offset = file.end();
    if (!layout.reaches(offset)) {
      throw new IOException("the file would grow beyond what its offsets of 4 bytes reach");
    }
    int bytes = bytes(key, value);
    int padding = layout.paddingAt(offset + bytes);
    file.append(record(key, value, left, right, padding));
    return offset;
  }

  private boolean putInPlace(TchBlock old, byte[] key, byte[] value) throws IOException {
    long padding = old.size() - bytes(key, value);
    if (padding < 0 || padding > MAX_PADDING) {
      return false;
    }
    file.patch(old.offset(), record(key, value, old.left(), old.right(), (int) padding));
    return true;
  }

  /** It is not listed in the pool, from which Tokyo Cabinet would take it again: only room lost. */
  private void free(TchBlock block) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(1 + Integer.BYTES).order(layout.order());
    head.put(TchBlock.FREE).putInt((int) block.size());
    file.patch(block.offset(), head.flip());
  }

  private int bytes(byte[] key, byte[] value) {
    int head = 2 + 2 * layout.pointerBytes() + Short.BYTES;
    return head
        + VarNumber.bytes(key.length)
        + VarNumber.bytes(value.length)
        + key.length
        + value.length;
  }

  private ByteBuffer record(byte[] key, byte[] value, long left, long right, int padding) {
    ByteBuffer record = ByteBuffer.allocate(bytes(key, value) + padding).order(layout.order());
    record.put(TchBlock.RECORD).put((byte) TchKey.treeHash(key));
    layout.putPointer(record, left);
    layout.putPointer(record, right);
    record.putShort((short) padding);
    VarNumber.write(record, key.length);
    VarNumber.write(record, value.length);
    return record.put(key).put(value).clear();
  }

  /** Without {@link #finish} before, leaves a file that is marked as open. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
