package io.kumo.server.store.mapdb;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deferred records that one checkpoint writes: first to its journal, in the order of their
 * places; then, when the file has them, each is settled, or given back when the journal did not
 * come to its end; both in small portions so that nobody waits long.
 */
public final class FrozenRecords {
  private final Memtable table;
  private final DeferredWrites deferred;
  private long @Nullable [] sorted;
  private int cursor;

  /** Whether the memory of a file does not show by itself what has been written to the file. */
  private boolean compareAll;

  FrozenRecords(Memtable table, DeferredWrites deferred) {
    this.table = table;
    this.deferred = deferred;
  }

  private long[] sorted() {
    long[] known = sorted;
    if (known == null) {
      known = table.sorted();
      sorted = known;
    }
    return known;
  }

  /**
   * Moves as many as fit into a journal chunk. Without the lock: nobody changes them.
   *
   * @return whether any is left
   */
  public boolean take(JournalChunk into) {
    long[] entries = sorted();
    while (cursor < entries.length) {
      int entry = Memtable.entryOf(entries[cursor]);
      if (!into.addBytes(
          table.place(entry), table.memory(entry), table.recordIndex(entry), table.length(entry))) {
        return true;
      }
      cursor++;
    }
    return false;
  }

  /** Begins anew with the first. */
  public void rewind() {
    cursor = 0;
  }

  /**
   * Ends some of them, under the lock.
   *
   * @param written whether the file has them
   * @return whether any is left
   */
  public boolean end(boolean written, int max) {
    long[] entries = sorted();
    if (written
        && !compareAll
        && cursor < entries.length
        && !deferred.isShown(Memtable.entryOf(entries[cursor]))) {
      compareAll = true;
      cursor = 0;
    }
    int until = Math.min(entries.length, cursor + max);
    for (; cursor < until; cursor++) {
      int entry = Memtable.entryOf(entries[cursor]);
      if (!written) {
        deferred.giveBack(entry);
      } else if (compareAll || deferred.mayDiffer(Memtable.placeOf(entries[cursor]))) {
        deferred.settle(entry);
      }
    }
    return cursor < entries.length;
  }

  /**
   * When all have ended, under the lock.
   *
   * @return memory for {@link #letGo} once the lock is free, as that takes long
   */
  public List<ByteBuffer> clear() {
    sorted = null;
    return table.clear();
  }

  /** Gives back what {@link #clear} returned; any thread. */
  public void letGo(List<ByteBuffer> memory) {
    table.letGo(memory);
  }
}
