package io.kumo.server.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes a file from its beginning, ending it with a CRC32C of all before. */
public final class ChecksummedWriter {
  private final DiskFile file;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private long position;

  public ChecksummedWriter(DiskFile file) {
    this.file = file;
  }

  public ChecksummedWriter putInt(int value) throws IOException {
    room(Integer.BYTES);
    buffer.putInt(value);
    return this;
  }

  public ChecksummedWriter putLong(long value) throws IOException {
    room(Long.BYTES);
    buffer.putLong(value);
    return this;
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    crc.update(buffer.duplicate());
    int bytes = buffer.remaining();
    file.write(position, buffer);
    position += bytes;
    buffer.clear();
    FaultPoint.INDEX_SAVE.reach();
  }

  /** Writes the checksum, cuts the file there and syncs it. */
  public void finish() throws IOException {
    flush();
    buffer.putInt((int) crc.getValue()).flip();
    file.write(position, buffer);
    file.setSize(position + Integer.BYTES);
    file.sync();
  }
}
