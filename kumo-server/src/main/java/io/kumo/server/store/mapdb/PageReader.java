package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.ScarceMemory;
import java.nio.ByteBuffer;

/**
 * Has pages of a data file read before they are touched, where memory is scarce: the page that is
 * wanted, and more and more of those that follow while one after the other is. Under the lock of
 * the shard.
 */
final class PageReader {
  private static final int PAGE_SHIFT = 12;
  private static final int MAX_PAGES_AHEAD = 32;

  private final CheckpointVolume volume;
  private final ScarceMemory memory;
  private long seenFrom;
  private long seenTo;
  private long next;
  private int ahead;

  PageReader(CheckpointVolume volume, ScarceMemory memory) {
    this.volume = volume;
    this.memory = memory;
  }

  /** A range, of which at least the beginning lies in the volume, is about to be used. */
  void use(long offset, int length) {
    if (memory.isScarce()) {
      long from = offset >>> PAGE_SHIFT;
      long to = ((offset + Math.max(length, 1) - 1) >>> PAGE_SHIFT) + 1;
      if (from < seenFrom || to > seenTo) {
        look(from, to);
        seenFrom = from;
        seenTo = to;
      }
    }
  }

  private void look(long from, long to) {
    if (from == next) {
      to = from + Math.max(to - from, ahead);
    }
    if (load(from, to)) {
      ahead = (int) Math.min(from == next ? 2 * (to - from) : 2, MAX_PAGES_AHEAD);
      next = to;
    }
  }

  /** Of these pages those that lie in the slice of the first. */
  private boolean load(long from, long to) {
    long offset = from << PAGE_SHIFT;
    ByteBuffer slice = volume.memory(offset);
    int at = volume.indexInSlice(offset);
    return memory.load(slice, at, (int) Math.min((to - from) << PAGE_SHIFT, slice.capacity() - at));
  }
}
