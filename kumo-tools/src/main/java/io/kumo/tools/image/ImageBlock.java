package io.kumo.tools.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The head of a block: {@code KBLK}, checksum of all that follows, id of the image, number of the
 * block, kind, bytes when inflated, bytes that follow. All numbers are big endian.
 */
final class ImageBlock {
  /** "KBLK". */
  static final int MAGIC = 0x4b424c4b;

  static final int HEAD_BYTES = 36;

  /** Raw keys and raw values. */
  static final int RECORDS = 1;

  /** Numbers of records and bytes: the image is whole. */
  static final int END = 2;

  /** What a block holds before it is written; one record may be longer. */
  static final int CONTENT_BYTES = 1 << 20;

  /** Before each record: lengths of its raw key and raw value. */
  static final int LENGTHS_BYTES = 8;

  private static final int CHECKED_FROM = 8;

  private ImageBlock() {}

  static ByteBuffer head(long image, long number, int kind, int inflated, int follows) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.putInt(MAGIC).putInt(0).putLong(image).putLong(number).putInt(kind << 24);
    return head.putInt(inflated).putInt(follows).flip();
  }

  /** Of the head behind itself, and of what follows. */
  static int checksum(ByteBuffer head, byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(head.array(), head.arrayOffset() + CHECKED_FROM, HEAD_BYTES - CHECKED_FROM);
    crc.update(content, 0, length);
    return (int) crc.getValue();
  }
}
