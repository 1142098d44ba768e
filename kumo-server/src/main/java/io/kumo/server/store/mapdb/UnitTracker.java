package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.ScarceMemory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which units of a volume were written, and which of its pages cost memory. Under the lock of the
 * shard.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A 512-byte unit that was written since the last {@link #freeze} is in {@code dirty}.
 *   <li>A unit in {@code frozen} has the content that it had at the freeze: whoever writes to it
 *       first saves that content and takes it out of {@code frozen}.
 *   <li>A 4 KiB page of the mapping that was written since its slice was mapped is in {@code
 *       ownPages} and costs memory; all other pages show the file, and what is written to it.
 *   <li>No slice is mapped anew while the file lacks what the last checkpoint has taken.
 * </ul>
 */
final class UnitTracker {
  private static final int UNIT_SHIFT = CheckpointVolume.UNIT_SHIFT;
  private static final int PAGE_SHIFT = 12;

  private final CheckpointVolume volume;
  private UnitSet dirty = new UnitSet();
  private UnitSet frozen = new UnitSet();
  private final UnitSet ownPages = new UnitSet();
  private @Nullable FrozenUnits checkpoint;
  private boolean awaitsFile;

  UnitTracker(CheckpointVolume volume) {
    this.volume = volume;
  }

  /** The volume has so many units. */
  void ensureBound(int units) {
    dirty.ensureBound(units);
    frozen.ensureBound(units);
    ownPages.ensureBound(units >>> (PAGE_SHIFT - UNIT_SHIFT));
  }

  /** Whether all pages of a range cost memory already. */
  boolean ownsAll(long offset, int length) {
    int last = (int) ((offset + length - 1) >>> PAGE_SHIFT);
    for (int page = (int) (offset >>> PAGE_SHIFT); page <= last; page++) {
      if (!ownPages.contains(page)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a page of a range costs memory already. */
  boolean ownsAny(long offset, int length) {
    int last = (int) ((offset + length - 1) >>> PAGE_SHIFT);
    for (int page = (int) (offset >>> PAGE_SHIFT); page <= last; page++) {
      if (ownPages.contains(page)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes are about to be written. */
  void touch(long offset, int length) {
    int last = (int) ((offset + length - 1) >>> UNIT_SHIFT);
    for (int unit = (int) (offset >>> UNIT_SHIFT); unit <= last; unit++) {
      if (!dirty.contains(unit)) {
        if (checkpoint != null && frozen.contains(unit)) {
          checkpoint.save(unit);
        }
        dirty.add(unit);
        ownPages.add(unit >>> (PAGE_SHIFT - UNIT_SHIFT));
      }
    }
  }

  /**
   * What is dirty now is what the checkpoint will write.
   *
   * @param units of the volume
   */
  FrozenUnits freeze(int units) {
    if (checkpoint != null) {
      throw new IllegalStateException("the last checkpoint of the volume still runs");
    }
    UnitSet thawed = frozen;
    frozen = dirty;
    dirty = thawed;
    dirty.clear();
    dirty.ensureBound(units);
    FrozenUnits begun = new FrozenUnits(volume, frozen);
    checkpoint = begun;
    return begun;
  }

  void thaw(boolean written) {
    FrozenUnits ended = checkpoint;
    if (ended != null) {
      if (!written) {
        dirty.addAll(ended.all());
      }
      ended.release();
    }
    frozen.clear();
    checkpoint = null;
  }

  /** Whether the file does not have yet what was frozen last. */
  void setAwaitsFile(boolean awaits) {
    awaitsFile = awaits;
  }

  /** Whether the slice has pages of its own that it could let go of. */
  boolean mayRemap(int slice, int sliceShift) {
    int pagesPerSlice = 1 << (sliceShift - PAGE_SHIFT);
    int first = slice * pagesPerSlice;
    int page = ownPages.next(first);
    return checkpoint == null && !awaitsFile && page >= 0 && page < first + pagesPerSlice;
  }

  /** Another mapping takes the slice's place: it gets what is dirty, and owns only that. */
  void remap(int slice, int sliceShift, ByteBuffer old, ByteBuffer fresh) {
    int pagesPerSlice = 1 << (sliceShift - PAGE_SHIFT);
    int unitsPerPage = 1 << (PAGE_SHIFT - UNIT_SHIFT);
    int sliceMask = (1 << sliceShift) - 1;
    int first = slice * pagesPerSlice;
    int page = ownPages.next(first);
    for (; page >= 0 && page < first + pagesPerSlice; page = ownPages.next(page + 1)) {
      ownPages.remove(page);
      if (ScarceMemory.ofProcess().isScarce()) {
        ScarceMemory.ofProcess().load(fresh, (page - first) << PAGE_SHIFT, 1 << PAGE_SHIFT);
      }
      int unit = dirty.next(page * unitsPerPage);
      for (; unit >= 0 && unit < (page + 1) * unitsPerPage; unit = dirty.next(unit + 1)) {
        int at = (int) ((long) unit << UNIT_SHIFT) & sliceMask;
        fresh.put(at, old, at, CheckpointVolume.UNIT_BYTES);
        ownPages.add(page);
      }
    }
  }

  /** Memory that the mapping has for itself. */
  long ownBytes() {
    return (long) ownPages.size() << PAGE_SHIFT;
  }

  /** What the next checkpoint would write. */
  long dirtyBytes() {
    return (long) dirty.size() << UNIT_SHIFT;
  }
}
