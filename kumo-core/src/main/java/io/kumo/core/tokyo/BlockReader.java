package io.kumo.core.tokyo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads blocks and the keys and values in them, with every check that needs one block alone. */
final class BlockReader {
  private final FileWindow window;
  private final TchLayout layout;
  private final boolean deflate;
  private final long end;
  private final Inflation inflation = new Inflation();

  /**
   * Borrows the channel.
   *
   * @param end where blocks end
   */
  BlockReader(FileChannel channel, TchHeader header, long end) {
    this.window = new FileWindow(channel, end, header.layout().order());
    this.layout = header.layout();
    this.deflate = header.deflate();
    this.end = end;
  }

  FileWindow window() {
    return window;
  }

  long end() {
    return end;
  }

  TchBlock block(long offset) throws IOException {
    return head(offset, end);
  }

  /** A block that may reach beyond the file, up to {@code expectedEnd}. */
  TchBlock head(long offset, long expectedEnd) throws IOException {
    ByteBuffer head = window.at(offset, TchBlock.MAX_HEAD_BYTES);
    return TchBlock.parse(head, offset, layout, expectedEnd);
  }

  /** The first byte of a block; of what kind it claims to be. */
  byte magic(long offset) throws IOException {
    return window.at(offset, 1).get();
  }

  /** The key of a record, checked against its second hash; what is behind the value is, too. */
  byte[] key(TchBlock block) throws IOException {
    byte[] key = window.bytes(block.keyOffset(), block.keyBytes());
    if (TchKey.treeHash(key) != block.treeHash()) {
      throw TchException.at(block.offset(), "a key does not have the hash that stands beside it");
    }
    return key;
  }

  byte[] value(TchBlock block) throws IOException {
    byte[] value = window.bytes(block.valueOffset(), block.valueBytes());
    checkPadding(block);
    return deflate ? inflation.unpack(value, block.offset()) : value;
  }

  /** Tokyo Cabinet fills the padding with zeros. */
  void checkPadding(TchBlock block) throws IOException {
    int length = (int) (block.next() - block.paddingOffset());
    ByteBuffer padding = window.at(block.paddingOffset(), length);
    while (padding.hasRemaining()) {
      if (padding.get() != 0) {
        throw TchException.at(block.offset(), "a record runs into its padding");
      }
    }
  }

  void release() {
    inflation.end();
  }
}
