package io.kumo.core.tokyo;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is sound in a damaged file: blocks in order, and behind one that is not sound, the
 * next place at which a sound one begins. The index is not looked at.
 */
final class TchSalvage {
  /** What is looked at in vain, in bytes, for each byte of the file: bounds the time it takes. */
  private static final long VAIN_BYTES_PER_BYTE = 32;

  private static final long VAIN_BYTES_AT_LEAST = 64 << 20;

  private final TchHeader header;
  private final BlockReader blocks;
  private final TchContents contents = new TchContents();
  private long vainBytesLeft;

  /** A block that is sound, with the key if it is a record's. */
  private static final class Found {
    private final TchBlock block;
    private final byte @Nullable [] key;

    Found(TchBlock block, byte @Nullable [] key) {
      this.block = block;
      this.key = key;
    }
  }

  TchSalvage(TchHeader header, BlockReader blocks) {
    this.header = header;
    this.blocks = blocks;
    this.vainBytesLeft = blocks.end() * VAIN_BYTES_PER_BYTE + VAIN_BYTES_AT_LEAST;
  }

  TchContents read(TchFile.EntryConsumer consumer) throws IOException {
    int step = header.layout().alignment();
    long lost = -1;
    for (long offset = header.layout().firstBlock(); offset < blocks.end(); ) {
      Found found = find(offset);
      if (found == null) {
        lost = lost < 0 ? offset : lost;
        offset += step;
        continue;
      }
      noteLost(lost, offset);
      lost = -1;
      take(found, consumer);
      offset = found.block.next();
    }
    if (lost >= 0 && lost < header.end()) {
      noteLost(lost, blocks.end());
    }
    if (header.end() > blocks.end()) {
      contents.damage("the file is cut short", header.end() - blocks.end());
    }
    return contents;
  }

  private void noteLost(long from, long to) {
    if (from >= 0) {
      contents.damage("there is no sound block at offset " + from, to - from);
    }
  }

  private void take(Found found, TchFile.EntryConsumer consumer) throws IOException {
    TchBlock block = found.block;
    if (found.key == null) {
      contents.freeBlock(block.size());
      return;
    }
    byte[] value;
    try {
      value = blocks.value(block);
    } catch (TchException e) {
      contents.damage(String.valueOf(e.getMessage()), block.size());
      return;
    }
    contents.record();
    consumer.record(found.key, value);
  }

  /** Null if no sound block begins there. */
  private @Nullable Found find(long offset) throws IOException {
    byte magic = blocks.magic(offset);
    if (magic != TchBlock.RECORD && magic != TchBlock.FREE) {
      return null;
    }
    long vain = TchBlock.MAX_HEAD_BYTES;
    try {
      TchBlock block = blocks.block(offset);
      if (!isFollowed(block)) {
        return null;
      }
      if (block.free()) {
        return new Found(block, null);
      }
      vain += block.keyBytes();
      byte[] key = blocks.key(block);
      vain += block.next() - block.paddingOffset();
      blocks.checkPadding(block);
      return new Found(block, key);
    } catch (TchException e) {
      vainBytesLeft -= vain;
      if (vainBytesLeft < 0) {
        throw new TchException("it is too damaged to go on: " + e.getMessage());
      }
      return null;
    }
  }

  /**
   * A wrong size would cut a value off, or pass over records, and nothing in a block tells: so what
   * follows must look like a block. Of one that is cut short the head is enough.
   */
  private boolean isFollowed(TchBlock block) throws IOException {
    long next = block.next();
    if (next == header.end() || next == blocks.end()) {
      return true;
    }
    if (blocks.end() - next < TchBlock.MAX_HEAD_BYTES) {
      byte magic = blocks.magic(next);
      return magic == TchBlock.RECORD || magic == TchBlock.FREE;
    }
    return blocks.head(next, Math.max(header.end(), blocks.end())).size() > 0;
  }
}
