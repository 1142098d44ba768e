package io.kumo.core.tokyo;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a sound file: every byte from the first block to the end belongs to a sound block, and the
 * index leads to each record. Blocks are read in order, so that no loop of children can hold it up.
 */
final class TchScan {
  private static final int PART_BYTES = 1 << 16;

  private final TchLayout layout;
  private final TchHeader header;
  private final BlockReader blocks;
  private final IndexCheck index = new IndexCheck();
  private final TchContents contents = new TchContents();

  TchScan(TchHeader header, BlockReader blocks) {
    this.header = header;
    this.layout = header.layout();
    this.blocks = blocks;
  }

  TchContents read(TchFile.EntryConsumer consumer) throws IOException {
    readBuckets();
    for (long offset = layout.firstBlock(); offset < header.end(); ) {
      TchBlock block = blocks.block(offset);
      if (block.free()) {
        contents.freeBlock(block.size());
      } else {
        byte[] key = blocks.key(block);
        note(block, key);
        consumer.record(key, blocks.value(block));
      }
      offset = block.next();
    }
    index.finish(header.records());
    return contents;
  }

  private void note(TchBlock block, byte[] key) throws TchException {
    long bucket = TchKey.bucket(key, layout.buckets());
    index.record(bucket, block.offset());
    notePointer(bucket, block.left());
    notePointer(bucket, block.right());
    contents.record();
  }

  private void readBuckets() throws IOException {
    int perPart = PART_BYTES / layout.pointerBytes();
    for (long bucket = 0; bucket < layout.buckets(); ) {
      int count = (int) Math.min(perPart, layout.buckets() - bucket);
      long offset = TchLayout.HEADER_BYTES + bucket * layout.pointerBytes();
      ByteBuffer part = blocks.window().at(offset, count * layout.pointerBytes());
      for (int i = 0; i < count; i++) {
        notePointer(bucket++, layout.pointer(part));
      }
    }
  }

  private void notePointer(long bucket, long offset) throws TchException {
    if (offset == 0) {
      return;
    }
    if (offset < layout.firstBlock() || offset >= header.end()) {
      throw new TchException("it is damaged: its index leads out of it");
    }
    index.pointer(bucket, offset);
  }
}
