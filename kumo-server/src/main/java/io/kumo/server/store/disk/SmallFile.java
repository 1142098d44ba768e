package io.kumo.server.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Files that are replaced as a whole: a magic number, a checksum, and the content. */
public final class SmallFile {
  private static final long MAGIC = 0x4B554D4F534D4C31L;
  private static final int HEADER_BYTES = 16;
  private static final int MAX_BYTES = 64 << 20;
  private static final String TEMPORARY = ".new";

  private SmallFile() {}

  /** Replaces a file; durable when it returns. */
  public static void write(Disk disk, String name, byte[] content) throws IOException {
    ByteBuffer whole = ByteBuffer.allocate(HEADER_BYTES + content.length);
    whole.putLong(MAGIC).putInt(checksum(content)).putInt(content.length).put(content).flip();
    String temporary = name + TEMPORARY;
    try (DiskFile file = disk.open(temporary)) {
      file.write(0, whole);
      file.setSize(whole.limit());
      file.sync();
    }
    FaultPoint.BEFORE_RENAME.reach();
    disk.rename(temporary, name);
    FaultPoint.AFTER_RENAME.reach();
    disk.syncNames();
  }

  /** The content, null when there is no such file; throws when it is damaged. */
  public static byte @Nullable [] read(Disk disk, String name) throws IOException {
    if (!disk.exists(name)) {
      return null;
    }
    try (DiskFile file = disk.open(name)) {
      long length = file.size() - HEADER_BYTES;
      if (length < 0 || length > MAX_BYTES) {
        throw new IOException(name + " has a wrong length");
      }
      ByteBuffer whole = ByteBuffer.allocate(HEADER_BYTES + (int) length);
      file.read(0, whole);
      byte[] content = new byte[(int) length];
      whole.get(HEADER_BYTES, content);
      if (whole.getLong(0) != MAGIC
          || whole.getInt(8) != checksum(content)
          || whole.getInt(12) != length) {
        throw new IOException(name + " has a wrong checksum");
      }
      return content;
    }
  }

  private static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
