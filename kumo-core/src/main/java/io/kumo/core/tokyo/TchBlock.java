package io.kumo.core.tokyo;

import io.kumo.core.protocol.Limits;
import java.nio.ByteBuffer;

/**
 * The head of a block: of a record, or of a free one, which has only an offset and a size.
 *
 * @param size bytes of the whole block
 * @param treeHash second hash of the key
 * @param left offset of the child with greater keys, 0 for none
 * @param right offset of the child with smaller keys, 0 for none
 * @param headBytes in front of the key, which the value and then the padding follow
 */
record TchBlock(
    long offset,
    boolean free,
    long size,
    int treeHash,
    long left,
    long right,
    int headBytes,
    int keyBytes,
    int valueBytes) {

  static final byte RECORD = (byte) 0xc8;
  static final byte FREE = (byte) 0xb0;

  /** Bytes of the longest head. */
  static final int MAX_HEAD_BYTES = 2 + 2 * Long.BYTES + Short.BYTES + 2 * VarNumber.MAX_BYTES;

  /** Bytes of the head of a record with the shortest key and value. */
  static final int LEAST_RECORD_BYTES = 2 + 2 * Integer.BYTES + Short.BYTES + 2;

  /** Offset in the block of the left child; the right one follows. */
  static final int LEFT_OFFSET = 2;

  /** An item of kumo has a head of up to 26 bytes in front of the data. */
  private static final int MAX_VALUE_BYTES = Limits.MAX_VALUE_BYTES + 64;

  /**
   * Reads the head of a block.
   *
   * @param from what stands at {@code offset}, in the layout's order; fewer bytes than a head may
   *     have only at the end
   * @param end where blocks end
   * @throws TchException if no block can begin so
   */
  static TchBlock parse(ByteBuffer from, long offset, TchLayout layout, long end)
      throws TchException {
    byte magic = from.hasRemaining() ? from.get() : 0;
    TchBlock block =
        switch (magic) {
          case FREE -> free(from, offset);
          case RECORD -> record(from, offset, layout);
          default -> throw TchException.at(offset, "there is neither a record nor a free block");
        };
    if (block.size > end - offset || !layout.isAligned(block.size)) {
      throw TchException.at(offset, "a block has an impossible size");
    }
    return block;
  }

  private static TchBlock free(ByteBuffer from, long offset) throws TchException {
    long size = from.remaining() < Integer.BYTES ? 0 : Integer.toUnsignedLong(from.getInt());
    if (size <= Integer.BYTES) {
      throw TchException.at(offset, "a free block has an impossible size");
    }
    return new TchBlock(offset, true, size, 0, 0, 0, 0, 0, 0);
  }

  private static TchBlock record(ByteBuffer from, long offset, TchLayout layout)
      throws TchException {
    int start = from.position() - 1;
    if (from.remaining() < 1 + 2 * layout.pointerBytes() + Short.BYTES) {
      throw TchException.at(offset, "the head of a record is cut short");
    }
    int treeHash = from.get() & 0xff;
    long left = layout.pointer(from);
    long right = layout.pointer(from);
    int padding = Short.toUnsignedInt(from.getShort());
    int keyBytes = VarNumber.read(from);
    int valueBytes = VarNumber.read(from);
    if (keyBytes < 0 || valueBytes < 0) {
      throw TchException.at(offset, "a record has an impossible size");
    }
    if (keyBytes > Limits.MAX_RAW_KEY_BYTES || valueBytes > MAX_VALUE_BYTES) {
      throw TchException.at(offset, "a record is larger than any that kumo stores");
    }
    int head = from.position() - start;
    long size = (long) head + keyBytes + valueBytes + padding;
    return new TchBlock(offset, false, size, treeHash, left, right, head, keyBytes, valueBytes);
  }

  long next() {
    return offset + size;
  }

  long keyOffset() {
    return offset + headBytes;
  }

  long valueOffset() {
    return keyOffset() + keyBytes;
  }

  long paddingOffset() {
    return valueOffset() + valueBytes;
  }
}
