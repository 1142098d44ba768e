package io.kumo.server.store;

/**
 * Bounds one batch of a scan; a batch visits at least one record when there is one.
 *
 * @param maxRecords to visit
 * @param maxBytes of keys and (cut) values, after which the batch ends
 * @param maxValueBytes to read of each value; 8 gives the ClockTime alone
 * @param checksWhole whether the rest of a value is looked at, too, for its checksum, and counts
 *     among the bytes
 */
public record ScanLimits(int maxRecords, long maxBytes, int maxValueBytes, boolean checksWhole) {
  public ScanLimits(int maxRecords, long maxBytes, int maxValueBytes) {
    this(maxRecords, maxBytes, maxValueBytes, false);
  }

  /** Checks the bounds. */
  public ScanLimits {
    if (maxRecords < 1 || maxBytes < 1 || maxValueBytes < Store.TOMBSTONE_BYTES) {
      throw new IllegalArgumentException(
          "maxRecords and maxBytes must be positive and maxValueBytes at least 8");
    }
  }

  /** Whole records. */
  public static ScanLimits records(int maxRecords, long maxBytes) {
    return new ScanLimits(maxRecords, maxBytes, Store.MAX_VALUE_BYTES);
  }

  /** Keys and the first bytes of their values. */
  public static ScanLimits headers(int maxRecords, int maxValueBytes) {
    return new ScanLimits(maxRecords, Long.MAX_VALUE, maxValueBytes);
  }

  /** Keys and ClockTimes, with a look at every checksum. */
  public static ScanLimits checksums(int maxRecords, long maxBytes) {
    return new ScanLimits(maxRecords, maxBytes, Store.TOMBSTONE_BYTES, true);
  }
}
