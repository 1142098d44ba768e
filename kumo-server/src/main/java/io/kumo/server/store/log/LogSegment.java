package io.kumo.server.store.log;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.ScarceMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** One file of the redo log, in memory that is the file. */
public final class LogSegment {
  private static final int PAGE_BYTES = 4096;
  private static final int READ_AHEAD_BYTES = 1 << 17;

  private final long number;
  private final int length;
  private final DiskFile file;
  private final ByteBuffer memory;
  private int readTo;

  private LogSegment(long number, int length, DiskFile file, ByteBuffer memory) {
    this.number = number;
    this.length = length;
    this.file = file;
    this.memory = memory;
  }

  /** Makes a file a segment: its blocks exist and its header is durable, its name not yet. */
  static void format(DiskFile file, long number, int length, long storeId) throws IOException {
    extend(file, length);
    file.write(0, header(number, length, storeId));
    file.sync();
  }

  /** Writes real zeros, so that no later write to the segment needs new blocks. */
  private static void extend(DiskFile file, int length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    if (file.size() > length) {
      file.setSize(length);
    }
    for (long at = file.size(); at < length; at += zeros.capacity()) {
      file.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), length - at)));
    }
  }

  private static ByteBuffer header(long number, int length, long storeId) {
    ByteBuffer header = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES);
    header.putLong(LogFormat.SEGMENT_MAGIC, LogFormat.MAGIC);
    header.putLong(LogFormat.SEGMENT_STORE_ID, storeId);
    header.putLong(LogFormat.SEGMENT_NUMBER, number);
    header.putInt(LogFormat.SEGMENT_LENGTH, length);
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().limit(LogFormat.SEGMENT_CRC));
    return header.putInt(LogFormat.SEGMENT_CRC, (int) crc.getValue());
  }

  /** Maps a segment; the caller has checked or written its header. */
  public static LogSegment map(DiskFile file, long number, int length) throws IOException {
    return new LogSegment(number, length, file, file.mapShared(0, length));
  }

  /** Whether the file begins with the header of this segment. */
  public static boolean isSegment(DiskFile file, long number, int length, long storeId)
      throws IOException {
    ByteBuffer found = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES);
    return file.size() >= length
        && file.read(0, found) == found.capacity()
        && found.flip().equals(header(number, length, storeId));
  }

  public long number() {
    return number;
  }

  /** The first position of the segment, that of its header. */
  public long start() {
    return number * length;
  }

  /** The first position after the segment. */
  public long end() {
    return start() + length;
  }

  public ByteBuffer memory() {
    return memory;
  }

  /** What lies before this place is about to be written; the limit of the memory is its end. */
  void readAhead(int to) {
    if (to > readTo && ScarceMemory.ofProcess().isScarce()) {
      int from = Math.max(readTo, (to - 1) & -PAGE_BYTES);
      readTo = Math.min(length, Math.max(to, from + READ_AHEAD_BYTES));
      ScarceMemory.ofProcess().load(memory, from, readTo - from);
    }
  }

  DiskFile file() {
    return file;
  }

  public void sync() throws IOException {
    file.sync();
  }

  public void close() throws IOException {
    file.unmap(memory);
    file.close();
  }
}
