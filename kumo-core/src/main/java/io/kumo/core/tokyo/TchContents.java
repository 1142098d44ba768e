package io.kumo.core.tokyo;

import org.jspecify.annotations.Nullable;

/** What was found in a file, counted while it is read. */
public final class TchContents {
  private long records;
  private long freeBlocks;
  private long freeBytes;
  private long damagedPlaces;
  private long skippedBytes;
  private @Nullable String firstDamage;

  void record() {
    records++;
  }

  void freeBlock(long bytes) {
    freeBlocks++;
    freeBytes += bytes;
  }

  void damage(String what, long bytes) {
    damagedPlaces++;
    skippedBytes += bytes;
    firstDamage = firstDamage == null ? what : firstDamage;
  }

  public long records() {
    return records;
  }

  public long freeBlocks() {
    return freeBlocks;
  }

  public long freeBytes() {
    return freeBytes;
  }

  /** Runs of bytes that were passed over, and records whose value could not be unpacked. */
  public long damagedPlaces() {
    return damagedPlaces;
  }

  public long skippedBytes() {
    return skippedBytes;
  }

  /** Null if there is none. */
  public @Nullable String firstDamage() {
    return firstDamage;
  }
}
