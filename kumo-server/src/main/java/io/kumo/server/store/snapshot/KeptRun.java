package io.kumo.server.store.snapshot;

import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;

/**
 * Kept records on the disk, in the order of their keys: of each the length of the key and of the
 * value, 4 bytes each, then both. Read through mapped memory, so that no reader waits but for a
 * page. Immutable; the file has no name that a start of the store would take for its own.
 */
final class KeptRun implements AutoCloseable {
  private static final int HEADER_BYTES = 8;
  private static final int RECORDS_PER_MARK = 16;
  private static final int BUFFER_BYTES = 1 << 18;

  private final Disk disk;
  private final DiskFile file;
  private final ByteBuffer bytes;
  private final byte[][] markKeys;
  private final int[] markOffsets;

  private KeptRun(
      Disk disk, DiskFile file, ByteBuffer bytes, List<byte[]> keys, List<Integer> offsets) {
    this.disk = disk;
    this.file = file;
    this.bytes = bytes;
    this.markKeys = keys.toArray(new byte[0][]);
    this.markOffsets = offsets.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Blocks. */
  static KeptRun write(Disk disk, String name, NavigableMap<byte[], byte[]> records)
      throws IOException {
    DiskFile file = disk.open(name);
    try {
      List<byte[]> keys = new ArrayList<>();
      List<Integer> offsets = new ArrayList<>();
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      int count = 0;
      int at = 0;
      for (Map.Entry<byte[], byte[]> entry : records.entrySet()) {
        KeptRecord record = KeptRecord.of(entry);
        if (count++ % RECORDS_PER_MARK == 0) {
          keys.add(record.key());
          offsets.add(at);
        }
        int needed = HEADER_BYTES + record.bytes();
        if (buffer.remaining() < needed) {
          flush(file, buffer, at);
          buffer = needed > buffer.capacity() ? ByteBuffer.allocate(needed) : buffer;
        }
        buffer.putInt(record.key().length).putInt(record.value().length);
        buffer.put(record.key()).put(record.value());
        at = Math.addExact(at, needed);
      }
      flush(file, buffer, at);
      return new KeptRun(disk, file, file.mapShared(0, at), keys, offsets);
    } catch (IOException e) {
      file.close();
      disk.delete(name);
      throw e;
    }
  }

  private static void flush(DiskFile file, ByteBuffer buffer, int end) throws IOException {
    buffer.flip();
    file.write(end - buffer.remaining(), buffer);
    buffer.clear();
  }

  /** From the first key that is not below this one. */
  Iterator<KeptRecord> from(byte[] key) {
    int mark = Arrays.binarySearch(markKeys, key, Arrays::compareUnsigned);
    int start = mark >= 0 ? mark : Math.max(0, -mark - 2);
    RunIterator records = new RunIterator(markOffsets[start]);
    records.skipBelow(key);
    return records;
  }

  private final class RunIterator implements Iterator<KeptRecord> {
    private int at;

    RunIterator(int at) {
      this.at = at;
    }

    void skipBelow(byte[] key) {
      while (hasNext()) {
        int before = at;
        if (Arrays.compareUnsigned(next().key(), key) >= 0) {
          at = before;
          return;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return at < bytes.limit();
    }

    @Override
    public KeptRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] key = new byte[bytes.getInt(at)];
      byte[] value = new byte[bytes.getInt(at + Integer.BYTES)];
      bytes.get(at + HEADER_BYTES, key);
      bytes.get(at + HEADER_BYTES + key.length, value);
      at += HEADER_BYTES + key.length + value.length;
      return new KeptRecord(key, value);
    }
  }

  /** When nobody reads it any more. */
  @Override
  public void close() throws IOException {
    file.unmap(bytes);
    file.close();
    disk.delete(file.name());
  }
}
