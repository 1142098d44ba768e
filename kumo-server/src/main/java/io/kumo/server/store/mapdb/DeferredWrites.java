package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.DirectMemory;
import org.jspecify.annotations.Nullable;

/**
 * Records that took the place of others of the same length, kept aside until a checkpoint brings
 * them into the file, sorted by place: to change them where they lie would cost the copy of a page
 * each. All under the lock of the shard.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A recid that a table has in force has that record, whatever the volume shows: the one of
 *       {@code active} if both have it. Its place and length are those that MapDB knows.
 *   <li>{@code active} is what came since the last freeze; {@code frozen} is what the checkpoint
 *       that runs writes. It is empty once the volume shows all of it, or a later record.
 *   <li>Whoever changes a record in the volume takes it out of both first.
 * </ul>
 */
public final class DeferredWrites {
  private static final long MAX_RECID = 1L << 30;

  private final CheckpointVolume volume;
  private DirectMemory memory = DirectMemory.NONE;
  private Memtable active = new Memtable(DirectMemory.NONE);
  private Memtable frozen = new Memtable(DirectMemory.NONE);

  DeferredWrites(CheckpointVolume volume) {
    this.volume = volume;
  }

  /** From now on what may be deferred is; before, there is only the volume. */
  public void enable(DirectMemory memory) {
    this.memory = memory;
    active = new Memtable(memory);
    frozen = new Memtable(memory);
  }

  /** The table that has the record of a recid, null when the volume has it. */
  @Nullable Memtable tableOf(long recid) {
    return active.contains(recid) ? active : frozen.contains(recid) ? frozen : null;
  }

  /**
   * Puts a record in the place of one of the same length: in the volume when that has its own page
   * for it anyway, or there is no memory to keep the record aside.
   */
  void overwrite(long recid, long place, byte[] bytes, int length) {
    if (!mayBeKeptAside(recid, place, length) || !keepAside(recid, place, bytes, length)) {
      remove(recid);
      volume.putData(place, bytes, 0, length);
    }
  }

  private boolean mayBeKeptAside(long recid, long place, int length) {
    return length <= Memtable.MAX_RECORD_BYTES
        && place < Memtable.MAX_PLACE
        && recid < MAX_RECID
        && !volume.ownsAll(place, length);
  }

  private boolean keepAside(long recid, long place, byte[] bytes, int length) {
    boolean kept = active.put(recid, place, bytes, length);
    if (!kept) {
      memory.notKeptAside();
    }
    return kept;
  }

  /** What the volume has for a recid is about to be its record, or nothing is. */
  void remove(long recid) {
    active.remove(recid, false);
    frozen.remove(recid, true);
  }

  /** Starts a checkpoint: what is here now is what the checkpoint will write. */
  public FrozenRecords freeze() {
    if (!frozen.isEmpty()) {
      throw new IllegalStateException("the last checkpoint has not ended");
    }
    Memtable begun = active;
    active = frozen;
    frozen = begun;
    return new FrozenRecords(begun, this);
  }

  /** Whether the memory at a place of a frozen record need not be as the file is. */
  boolean mayDiffer(long place) {
    return volume.ownsAny(place, Memtable.MAX_RECORD_BYTES);
  }

  /** Whether nobody would miss a frozen record: a probe of what {@link #mayDiffer} relies on. */
  boolean isShown(int entry) {
    return mayDiffer(frozen.place(entry))
        || volume.shows(
            frozen.place(entry),
            frozen.memory(entry),
            frozen.recordIndex(entry),
            frozen.length(entry));
  }

  /** Sees to it that a record is what a reader finds once the frozen table is gone. */
  void settle(int entry) {
    if (frozen.isInForce(entry) && !active.contains(frozen.recidOf(entry))) {
      long place = frozen.place(entry);
      int index = frozen.recordIndex(entry);
      int length = frozen.length(entry);
      if (!volume.shows(place, frozen.memory(entry), index, length)) {
        putIntoVolume(entry);
      }
    }
  }

  private void putIntoVolume(int entry) {
    int index = frozen.recordIndex(entry);
    volume.putData(
        frozen.place(entry),
        frozen.view(entry).limit(index + frozen.length(entry)).position(index));
  }

  /** Has the next checkpoint write a record that this one did not. */
  void giveBack(int entry) {
    if (frozen.isInForce(entry)
        && !active.contains(frozen.recidOf(entry))
        && !active.putLike(frozen, entry)) {
      putIntoVolume(entry);
    }
  }

  /** Memory of all that is here. */
  long bytes() {
    return active.bytes() + frozen.bytes();
  }

  /** Nobody may touch it afterwards. */
  void release() {
    active.release();
    frozen.release();
  }
}
