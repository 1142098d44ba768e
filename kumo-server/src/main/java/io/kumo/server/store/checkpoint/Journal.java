package io.kumo.server.store.checkpoint;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.mapdb.JournalChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one data file: what a checkpoint is about to write into it. A journal whose last
 * chunk is valid is complete, and applying it, as often as one likes, makes the file that of the
 * checkpoint; any other journal is ignored, and then nothing of it has reached the file.
 *
 * <p>Used by one thread at a time. The layout is in docs/internals/storage.md.
 */
public final class Journal implements AutoCloseable {
  private static final int MAGIC = 0x4B4A4E4C;
  private static final int CRC_START = 8;
  private static final byte DATA = 0;
  private static final byte FINAL = 1;
  private static final int MAX_CHUNK_BYTES = 1 << 20;

  private final DiskFile file;
  private final CRC32C crc = new CRC32C();
  private final FilePatcher patcher = new FilePatcher();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_CHUNK_BYTES);
  private long id;
  private long position;
  private int chunks;

  public Journal(DiskFile file) {
    this.file = file;
  }

  /** Starts a journal over the former one; a random id tells their chunks apart. */
  void begin() {
    id = ThreadLocalRandom.current().nextLong();
    position = 0;
    chunks = 0;
  }

  /** Writes a chunk and empties it. */
  void write(JournalChunk chunk) throws IOException {
    append(chunk.buffer(), DATA);
    chunk.reset();
  }

  /** Writes the last chunk and makes the journal durable. */
  void finish(long fileBytes) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(JournalChunk.HEADER_BYTES + Long.BYTES);
    last.position(JournalChunk.HEADER_BYTES);
    last.putLong(fileBytes);
    append(last, FINAL);
    FaultPoint.JOURNAL_WRITTEN.reach();
    file.sync();
    FaultPoint.JOURNAL_SYNCED.reach();
  }

  private void append(ByteBuffer chunk, byte kind) throws IOException {
    chunk.flip();
    int body = chunk.limit() - JournalChunk.HEADER_BYTES;
    chunk.putInt(0, MAGIC).putLong(8, id).putInt(16, chunks).putInt(20, body).put(24, kind);
    chunk.put(25, (byte) 0).putShort(26, (short) 0).putInt(28, 0);
    chunk.putInt(4, checksum(chunk));
    file.write(position, chunk.position(0));
    position += chunk.limit();
    chunks++;
    FaultPoint.JOURNAL_CHUNK.reach();
  }

  /**
   * Applies the journal if it is complete and makes the data file durable.
   *
   * @param reached is told after every chunk, for crash tests
   * @return whether it was complete
   */
  public boolean apply(DiskFile data, FaultPoint reached) throws IOException {
    if (!walk(buffer, null, reached)) {
      return false;
    }
    walk(buffer, data, reached);
    data.sync();
    return true;
  }

  /** Lets go of the content, so that the journal cannot be applied to another file. */
  public void clear() throws IOException {
    file.setSize(0);
    file.sync();
  }

  private boolean walk(ByteBuffer buffer, @Nullable DiskFile data, FaultPoint reached)
      throws IOException {
    long at = 0;
    long expectedId = 0;
    for (int number = 0; ; number++) {
      if (!readChunk(buffer, at, number, number == 0 ? null : expectedId)) {
        return false;
      }
      expectedId = buffer.getLong(8);
      at += buffer.limit();
      if (buffer.get(24) == FINAL) {
        if (data != null && data.size() < buffer.getLong(JournalChunk.HEADER_BYTES)) {
          data.setSize(buffer.getLong(JournalChunk.HEADER_BYTES));
        }
        return true;
      }
      if (data != null) {
        patcher.apply(buffer, data);
        reached.reach();
      }
    }
  }

  private boolean readChunk(ByteBuffer buffer, long at, int number, @Nullable Long expectedId)
      throws IOException {
    buffer.clear().limit(JournalChunk.HEADER_BYTES);
    if (file.read(at, buffer) < JournalChunk.HEADER_BYTES
        || buffer.getInt(0) != MAGIC
        || buffer.getInt(16) != number
        || (expectedId != null && buffer.getLong(8) != expectedId)) {
      return false;
    }
    int body = buffer.getInt(20);
    if (body < 0 || body > MAX_CHUNK_BYTES - JournalChunk.HEADER_BYTES) {
      return false;
    }
    buffer.limit(JournalChunk.HEADER_BYTES + body);
    return file.read(at + JournalChunk.HEADER_BYTES, buffer) == body
        && buffer.getInt(4) == checksum(buffer);
  }

  private int checksum(ByteBuffer chunk) {
    crc.reset();
    crc.update(chunk.position(CRC_START));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
