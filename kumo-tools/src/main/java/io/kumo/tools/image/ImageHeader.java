package io.kumo.tools.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an image is of. All numbers are big endian.
 *
 * @param id random, not 0
 * @param clockTime of the cluster, whose newest records up to it the image has
 * @param since only what is newer than this is in it, deleted records included; 0 for everything
 * @param base id of the image that has what was before; 0 if it is not known
 * @param flushClockTime records up to it are absent, in images before this one, too
 * @param cluster id of the cluster, 0 if it has none
 * @param madeMs Unix milliseconds
 */
public record ImageHeader(
    long id,
    long clockTime,
    long since,
    long base,
    long flushClockTime,
    long cluster,
    long madeMs) {
  private static final byte[] MAGIC = "KUMOIMG1".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKED_FROM = MAGIC.length + Integer.BYTES;
  private static final int NUMBERS_BYTES = 7 * Long.BYTES;
  static final int BYTES = CHECKED_FROM + Integer.BYTES + NUMBERS_BYTES;

  /** Whether it has all records, and not only what is new. */
  public boolean isFull() {
    return since == 0;
  }

  void write(OutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.put(MAGIC).putInt(0).putInt(NUMBERS_BYTES);
    bytes.putLong(id).putLong(clockTime).putLong(since).putLong(base).putLong(flushClockTime);
    bytes.putLong(cluster).putLong(madeMs);
    bytes.putInt(MAGIC.length, checksum(bytes.array()));
    out.write(bytes.array());
  }

  private static int checksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, CHECKED_FROM, header.length - CHECKED_FROM);
    return (int) crc.getValue();
  }

  /**
   * @param name of what is read, for messages
   * @return null at the end of the stream
   * @throws DamagedImageException when that is no image
   */
  static @Nullable ImageHeader read(InputStream in, String name) throws IOException {
    byte[] header = in.readNBytes(BYTES);
    if (header.length == 0) {
      return null;
    }
    if (header.length < MAGIC.length || !Arrays.equals(header, 0, 8, MAGIC, 0, 8)) {
      throw new DamagedImageException(name + " is not an image of a cluster");
    }
    ByteBuffer bytes = ByteBuffer.wrap(header);
    if (header.length < BYTES || bytes.getInt(MAGIC.length) != checksum(header)) {
      throw new DamagedImageException(name + ": its header is damaged");
    }
    bytes.position(CHECKED_FROM + Integer.BYTES);
    return new ImageHeader(
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong());
  }
}
