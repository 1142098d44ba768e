package io.kumo.core.tokyo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first 256 bytes of a Tokyo Cabinet hash file.
 *
 * @param flags {@link #OPEN} and {@link #FATAL}
 * @param deflate values are compressed
 * @param records that the file holds
 * @param end where the last block ends; a file may be longer, by what was mapped ahead
 */
public record TchHeader(TchLayout layout, int flags, boolean deflate, long records, long end) {

  /** Flag: a program has the file open for writing, or ended without closing it. */
  static final int OPEN = 1;

  /** Flag: Tokyo Cabinet met an error that it could not make good. */
  static final int FATAL = 1 << 1;

  private static final byte[] MAGIC = "ToKyO CaBiNeT\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = "1.0:911\n".getBytes(StandardCharsets.US_ASCII);
  private static final String[] TYPES = {"hash", "B+ tree", "fixed-length", "table"};

  private static final int TYPE_OFFSET = 32;
  private static final int FLAGS_OFFSET = 33;
  private static final int ALIGNMENT_OFFSET = 34;
  private static final int POOL_OFFSET = 35;
  private static final int OPTIONS_OFFSET = 36;
  private static final int BUCKETS_OFFSET = 40;
  private static final int RECORDS_OFFSET = 48;
  private static final int END_OFFSET = 56;
  private static final int FIRST_OFFSET = 64;

  private static final int LARGE = 1;
  private static final int DEFLATE = 1 << 1;
  private static final int BZIP2 = 1 << 2;
  private static final int TCBS = 1 << 3;
  private static final int EXTERNAL_CODEC = 1 << 4;

  /**
   * Reads a header.
   *
   * @param head the first 256 bytes, from index 0
   * @throws TchException if this cannot be read at all: another kind of file, an option that we do
   *     not know, or a header that contradicts itself
   */
  static TchHeader parse(ByteBuffer head) throws TchException {
    byte[] magic = new byte[MAGIC.length];
    head.get(0, magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new TchException("it is not a Tokyo Cabinet file");
    }
    int type = head.get(TYPE_OFFSET);
    if (type != 0) {
      String name = type > 0 && type < TYPES.length ? TYPES[type] : "unknown";
      throw new TchException("it is a Tokyo Cabinet " + name + " database, not a hash database");
    }
    int options = head.get(OPTIONS_OFFSET) & 0xff;
    refuse(options);
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      TchLayout layout = layout(head.order(order), (options & LARGE) != 0);
      if (layout != null && layout.firstBlock() == head.getLong(FIRST_OFFSET)) {
        return new TchHeader(
            layout,
            head.get(FLAGS_OFFSET) & 0xff,
            (options & DEFLATE) != 0,
            head.getLong(RECORDS_OFFSET),
            head.getLong(END_OFFSET));
      }
    }
    throw new TchException("its header is damaged: the records cannot begin where it says");
  }

  private static void refuse(int options) throws TchException {
    String name = null;
    if ((options & BZIP2) != 0) {
      name = "bzip2 (tchmgr optimize without -tb undoes it)";
    } else if ((options & TCBS) != 0) {
      name = "tcbs (tchmgr optimize without -tt undoes it)";
    } else if ((options & EXTERNAL_CODEC) != 0) {
      name = "a program's own codec";
    } else if (options > EXTERNAL_CODEC) {
      name = "options that Tokyo Cabinet 1.4 does not have";
    }
    if (name != null) {
      throw new TchException("its values are compressed with " + name + ", which is not read here");
    }
  }

  private static @Nullable TchLayout layout(ByteBuffer head, boolean large) {
    int alignmentPower = head.get(ALIGNMENT_OFFSET);
    int poolPower = head.get(POOL_OFFSET);
    long buckets = head.getLong(BUCKETS_OFFSET);
    boolean possible =
        alignmentPower >= 0
            && alignmentPower <= TchLayout.MAX_ALIGNMENT_POWER
            && poolPower >= 0
            && poolPower <= TchLayout.MAX_POOL_POWER
            && buckets > 0
            && buckets < Long.MAX_VALUE >> 4;
    return possible ? new TchLayout(head.order(), large, alignmentPower, poolPower, buckets) : null;
  }

  /** Of all numbers in the file. */
  public ByteOrder order() {
    return layout.order();
  }

  /**
   * Why the file cannot be taken as it is; null if the header gives no reason.
   *
   * @param fileBytes the file's length
   */
  @Nullable String problem(long fileBytes) {
    if ((flags & FATAL) != 0) {
      return "Tokyo Cabinet marked it as broken";
    }
    if ((flags & OPEN) != 0) {
      return "it was not closed cleanly: its server runs, or ended without closing it";
    }
    if (flags != 0) {
      return "its header is damaged: unknown flags " + flags;
    }
    if (end > fileBytes) {
      return "it is cut short: " + fileBytes + " bytes of " + end;
    }
    if (end < layout.firstBlock() || !layout.isAligned(end)) {
      return "its header is damaged: the records cannot end where it says";
    }
    return null;
  }

  /** Returns the 256 bytes, ready to be read. */
  ByteBuffer encode() {
    ByteBuffer head = ByteBuffer.allocate(TchLayout.HEADER_BYTES).order(layout.order());
    head.put(MAGIC).put(VERSION);
    head.put(FLAGS_OFFSET, (byte) flags);
    head.put(ALIGNMENT_OFFSET, (byte) layout.alignmentPower());
    head.put(POOL_OFFSET, (byte) layout.poolPower());
    head.put(OPTIONS_OFFSET, (byte) ((layout.large() ? LARGE : 0) | (deflate ? DEFLATE : 0)));
    head.putLong(BUCKETS_OFFSET, layout.buckets());
    head.putLong(RECORDS_OFFSET, records);
    head.putLong(END_OFFSET, end);
    head.putLong(FIRST_OFFSET, layout.firstBlock());
    return head.clear();
  }
}
