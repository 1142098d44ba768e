package io.kumo.server.store.log;

import io.kumo.server.store.Store;

/**
 * The layout of the redo log (all big endian). A position in the log, an LSN, is segment number *
 * segment length + offset in the segment, so it names a byte on the disk for ever. Byte by byte in
 * docs/internals/storage.md.
 */
public final class LogFormat {
  // Segment header.
  static final long MAGIC = 0x4B554D4F4C4F4731L;
  static final int SEGMENT_MAGIC = 0;
  static final int SEGMENT_STORE_ID = 8;
  static final int SEGMENT_NUMBER = 16;
  static final int SEGMENT_LENGTH = 24;
  static final int SEGMENT_CRC = 28;
  static final int SEGMENT_HEADER_BYTES = 64;

  // Fragment of a record.
  /** CRC32C of the rest of header and body, u32. */
  static final int CRC = 0;

  /** Bytes of body in this fragment, u32. */
  static final int BODY_LENGTH = 4;

  /** Position of the fragment itself, u64: what stands here from an earlier use has another. */
  static final int LSN = 8;

  /** Number of the opening of the store, u32: never falls from one record to the next. */
  static final int EPOCH = 16;

  /** Bytes of body in all fragments, u32. */
  static final int TOTAL_LENGTH = 20;

  static final int OPERATION = 24;
  static final int FLAGS = 25;

  /** Bytes of raw key in the body, u16. */
  static final int KEY_LENGTH = 26;

  static final int HEADER_BYTES = 28;

  // Operations.
  /** Body: request id if flagged, raw key, raw value. */
  public static final byte PUT = 1;

  /** Body: raw key. */
  public static final byte REMOVE = 2;

  /** Body: the position up to which the log was synced before this record, u64. */
  public static final byte SYNCED = 3;

  // Flags.
  /** The body begins with gateway incarnation u64 and sequence u64. */
  static final byte HAS_REQUEST_ID = 1;

  /** The fragment continues the record before it. */
  static final byte CONTINUES = 2;

  static final int REQUEST_ID_BYTES = 16;

  /** A segment with less room than this is left for the next. */
  static final int MIN_ROOM_BYTES = HEADER_BYTES + 4;

  static final int MAX_BODY_BYTES = REQUEST_ID_BYTES + Store.MAX_KEY_BYTES + Store.MAX_VALUE_BYTES;

  private static final String PREFIX = "log.";

  private LogFormat() {}

  public static String segmentName(long number) {
    return PREFIX + "%012d".formatted(number);
  }

  /** The number in a segment's name, -1 for another file. */
  public static long segmentNumber(String name) {
    return name.matches("log\\.\\d{12}") ? Long.parseLong(name.substring(PREFIX.length())) : -1;
  }
}
