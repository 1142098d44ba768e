package io.kumo.server.store.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads what a {@link ChecksummedWriter} wrote; a file is checked as a whole before it is read. */
public final class ChecksummedReader {
  private final DiskFile file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).limit(0);
  private final long end;
  private long position;

  /** Reads the whole file once to check it. */
  public ChecksummedReader(DiskFile file) throws IOException {
    this.file = file;
    end = file.size() - Integer.BYTES;
    if (end < 0) {
      throw new EOFException(file.name() + " is too short");
    }
    CRC32C crc = new CRC32C();
    while (fill()) {
      crc.update(buffer);
    }
    ByteBuffer expected = ByteBuffer.allocate(Integer.BYTES);
    file.read(end, expected);
    if (expected.getInt(0) != (int) crc.getValue()) {
      throw new IOException(file.name() + " has a wrong checksum");
    }
    position = 0;
    buffer.limit(0);
  }

  private boolean fill() throws IOException {
    buffer.compact();
    int wanted = (int) Math.min(buffer.remaining(), end - position);
    buffer.limit(buffer.position() + wanted);
    int read = wanted == 0 ? 0 : file.read(position, buffer);
    position += read;
    buffer.flip();
    return read > 0;
  }

  /** The next number, which must lie between the bounds. */
  public int getInt(int least, int greatest) throws IOException {
    int value = getInt();
    if (value < least || value > greatest) {
      throw new IOException(file.name() + " holds a number out of its bounds");
    }
    return value;
  }

  public int getInt() throws IOException {
    require(Integer.BYTES);
    return buffer.getInt();
  }

  public long getLong() throws IOException {
    require(Long.BYTES);
    return buffer.getLong();
  }

  private void require(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      fill();
      if (buffer.remaining() < bytes) {
        throw new EOFException(file.name() + " ends early");
      }
    }
  }
}
