package io.kumo.server.store.shard;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.DirectMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Memory outside the heap for the pages of one index. Under the lock of the shard. */
final class IndexMemory {
  /** Of all pages but those whose keys share too many bits. */
  static final int PAGE_SLOTS_LOG = 9;

  private static final int SLAB_BYTES = 1 << 20;
  private static final int SMALL_SLAB_BYTES = SLAB_BYTES / 16;

  private final DirectMemory memory;
  private ByteBuffer slab = ByteBuffer.allocate(0);
  private int slabUsed;
  private final List<ByteBuffer> slabs = new ArrayList<>();
  private final ArrayDeque<IndexPage> spare = new ArrayDeque<>();
  private long bytes;

  IndexMemory(DirectMemory memory) {
    this.memory = memory;
  }

  /**
   * An empty page.
   *
   * @param large whether the index has come to need memory in large pieces
   */
  IndexPage page(int slotsLog, int depth, boolean large) {
    int length = Long.BYTES << slotsLog;
    if (slotsLog == PAGE_SLOTS_LOG && !spare.isEmpty()) {
      IndexPage old = spare.pop();
      IndexPage page = new IndexPage(old.buffer, old.base, slotsLog, depth);
      page.clear();
      return page;
    }
    if (length > SLAB_BYTES / 8) {
      return new IndexPage(allocate(length), 0, slotsLog, depth);
    }
    if (slabUsed + length > slab.capacity()) {
      slab = slab(large);
      slabUsed = 0;
    }
    IndexPage page = new IndexPage(slab, slabUsed, slotsLog, depth);
    slabUsed += length;
    return page;
  }

  /** A small one, too, when there is no room for a large one. */
  private ByteBuffer slab(boolean large) {
    try {
      return allocate(large ? SLAB_BYTES : SMALL_SLAB_BYTES);
    } catch (StoreException e) {
      if (!large) {
        throw e;
      }
      return allocate(SMALL_SLAB_BYTES);
    }
  }

  private ByteBuffer allocate(int length) {
    ByteBuffer allocated = memory.forIndex(length);
    bytes += length;
    slabs.add(allocated);
    return allocated.order(ByteOrder.nativeOrder());
  }

  /** Nobody uses the page any more. */
  void reuse(IndexPage page) {
    if (page.slotsLog == PAGE_SLOTS_LOG) {
      spare.push(page);
    }
  }

  long bytes() {
    return bytes;
  }

  /** Gives all of it back; nobody may touch a page afterwards. */
  void release() {
    spare.clear();
    slab = ByteBuffer.allocate(0);
    slabs.forEach(memory::freeIndex);
    slabs.clear();
  }
}
