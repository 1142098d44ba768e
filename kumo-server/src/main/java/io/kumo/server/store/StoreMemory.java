package io.kumo.server.store;

/**
 * What a store takes of the memory outside the heap.
 *
 * @param maxBytes what it may take
 * @param indexBytes what the index takes
 * @param keptAsideBytes what records take that are kept aside until a checkpoint
 * @param notKeptAsideCount records that went straight to their pages for want of memory, since the
 *     store opened
 * @param scarce whether the data files are larger than the memory that the system has for them
 */
public record StoreMemory(
    long maxBytes, long indexBytes, long keptAsideBytes, long notKeptAsideCount, boolean scarce) {
  /** Of a store that takes none. */
  public static final StoreMemory NONE = new StoreMemory(0, 0, 0, 0, false);
}
