package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.DirectMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The units that one checkpoint writes, with the content that they had when it began. All under the
 * lock of the shard; the checkpoint takes them in small portions so that nobody waits long.
 *
 * <p>Invariant: a unit of {@code all} is either still in {@code frozen} and unchanged in the
 * volume, or saved here, or has been taken.
 */
public final class FrozenUnits {
  private final CheckpointVolume volume;
  private final UnitSet frozen;
  private final UnitSet all = new UnitSet();
  private final Deque<ByteBuffer> savedBlocks = new ArrayDeque<>();
  private int cursor;

  FrozenUnits(CheckpointVolume volume, UnitSet frozen) {
    this.volume = volume;
    this.frozen = frozen;
    all.addAll(frozen);
  }

  /** All units of the checkpoint, taken or not. */
  UnitSet all() {
    return all;
  }

  /** Keeps the content of a frozen unit that is about to change. */
  void save(int unit) {
    ByteBuffer block = savedBlocks.peekLast();
    if (block == null || !block.hasRemaining()) {
      block =
          DirectMemory.allocateAnywhere(
              JournalChunk.MAX_UNITS * (CheckpointVolume.UNIT_BYTES + Integer.BYTES));
      savedBlocks.addLast(block);
    }
    long offset = (long) unit << CheckpointVolume.UNIT_SHIFT;
    block.putInt(unit);
    int at = block.position();
    block.put(at, volume.memory(offset), volume.indexInSlice(offset), CheckpointVolume.UNIT_BYTES);
    block.position(at + CheckpointVolume.UNIT_BYTES);
    frozen.remove(unit);
  }

  /**
   * Moves about a number of units into an empty journal chunk, never more than fit.
   *
   * @return whether any is left
   */
  public boolean take(JournalChunk into, int maxUnits) {
    int left = maxUnits;
    while (left > 0 && !savedBlocks.isEmpty() && !savedBlocks.peekFirst().hasRemaining()) {
      left -= takeSaved(into);
    }
    while (left > 0) {
      int unit = frozen.next(cursor);
      if (unit < 0) {
        return takeLastSaved(into);
      }
      int run = run(unit, left);
      long offset = (long) unit << CheckpointVolume.UNIT_SHIFT;
      into.add(offset, volume.memory(offset), volume.indexInSlice(offset), run);
      for (int i = 0; i < run; i++) {
        frozen.remove(unit + i);
      }
      cursor = unit + run;
      left -= run;
    }
    return true;
  }

  /** Once nothing is frozen, nothing more is saved, so the last block may be taken half full. */
  private boolean takeLastSaved(JournalChunk into) {
    if (!savedBlocks.isEmpty() && into.isEmpty()) {
      takeSaved(into);
    }
    return !savedBlocks.isEmpty();
  }

  private int run(int unit, int max) {
    int run = 1;
    while (run < max
        && frozen.next(unit + run) == unit + run
        && volume.indexInSlice((long) (unit + run) << CheckpointVolume.UNIT_SHIFT) != 0) {
      run++;
    }
    return run;
  }

  private int takeSaved(JournalChunk into) {
    ByteBuffer block = savedBlocks.removeFirst().flip();
    int units = 0;
    while (block.hasRemaining()) {
      long offset = (long) block.getInt() << CheckpointVolume.UNIT_SHIFT;
      into.add(offset, block, block.position(), 1);
      block.position(block.position() + CheckpointVolume.UNIT_BYTES);
      units++;
    }
    DirectMemory.freeAnywhere(block);
    return units;
  }

  /** Gives back the memory of what was saved and not taken. */
  void release() {
    savedBlocks.forEach(DirectMemory::freeAnywhere);
    savedBlocks.clear();
  }
}
