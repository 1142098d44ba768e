package io.kumo.server.store.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a redo log from a position to its end: the first place where no record stands. If records
 * follow behind that place which prove that the log had been synced beyond it, the place is damage
 * and not the end: the reader skips it and says so.
 */
public final class RedoLogReader {
  private final List<LogSegment> segments;
  private final int segmentBytes;
  private final long firstStart;
  private final long limit;
  private final CRC32C crc = new CRC32C();

  private long position;
  private int epoch;
  private long damagedBytes;

  private byte operation;
  private byte flags;
  private int keyLength;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private long start;

  /** Reads contiguous segments, oldest first. */
  public RedoLogReader(List<LogSegment> segments, int segmentBytes, long from) {
    this.segments = segments;
    this.segmentBytes = segmentBytes;
    this.firstStart = segments.isEmpty() ? 0 : segments.get(0).start();
    this.limit = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).end();
    this.position = from;
  }

  /** Moves to the next record; false at the end. */
  public boolean next() {
    long at = skipSmallRoom(position);
    if (read(at)) {
      return true;
    }
    long later = syncedBehind(at);
    if (later < 0) {
      position = at;
      return false;
    }
    damagedBytes += later - at;
    return read(later);
  }

  private long skipSmallRoom(long at) {
    long offset = at % segmentBytes;
    if (segmentBytes - offset < LogFormat.MIN_ROOM_BYTES) {
      return at - offset + segmentBytes + LogFormat.SEGMENT_HEADER_BYTES;
    }
    return offset < LogFormat.SEGMENT_HEADER_BYTES
        ? at - offset + LogFormat.SEGMENT_HEADER_BYTES
        : at;
  }

  private ByteBuffer memory(long at) {
    return segments.get((int) ((at - firstStart) / segmentBytes)).memory();
  }

  /** Whether a sound fragment stands here. */
  private boolean isFragment(long at, boolean continues) {
    if (at < firstStart || at >= limit) {
      return false;
    }
    ByteBuffer memory = memory(at);
    int offset = (int) (at % segmentBytes);
    if (segmentBytes - offset < LogFormat.HEADER_BYTES
        || memory.getLong(offset + LogFormat.LSN) != at
        || Integer.compareUnsigned(memory.getInt(offset + LogFormat.EPOCH), epoch) < 0) {
      return false;
    }
    int length = memory.getInt(offset + LogFormat.BODY_LENGTH);
    int total = memory.getInt(offset + LogFormat.TOTAL_LENGTH);
    boolean flagged = (memory.get(offset + LogFormat.FLAGS) & LogFormat.CONTINUES) != 0;
    if (length < 0
        || length > segmentBytes - offset - LogFormat.HEADER_BYTES
        || total < length
        || total > LogFormat.MAX_BODY_BYTES
        || flagged != continues) {
      return false;
    }
    crc.reset();
    crc.update(
        memory
            .limit(offset + LogFormat.HEADER_BYTES + length)
            .position(offset + LogFormat.BODY_LENGTH));
    memory.limit(segmentBytes);
    return memory.getInt(offset + LogFormat.CRC) == (int) crc.getValue();
  }

  /** Reads the record here, if there is a whole one, and stands behind it. */
  private boolean read(long at) {
    if (!isFragment(at, false)) {
      return false;
    }
    ByteBuffer memory = memory(at);
    int offset = (int) (at % segmentBytes);
    int length = memory.getInt(offset + LogFormat.BODY_LENGTH);
    int total = memory.getInt(offset + LogFormat.TOTAL_LENGTH);
    int foundEpoch = memory.getInt(offset + LogFormat.EPOCH);
    ByteBuf found = slice(at, length);
    long after = at + LogFormat.HEADER_BYTES + length;
    if (length < total) {
      ByteBuf whole = Unpooled.buffer(total, total).writeBytes(found);
      after = continued(whole, total, after, foundEpoch);
      if (after < 0) {
        return false;
      }
      found = whole;
    }
    body = found;
    operation = memory.get(offset + LogFormat.OPERATION);
    flags = memory.get(offset + LogFormat.FLAGS);
    keyLength = memory.getShort(offset + LogFormat.KEY_LENGTH) & 0xffff;
    if (idLength() + keyLength > total) {
      return false;
    }
    epoch = foundEpoch;
    start = at;
    position = after;
    return true;
  }

  private long continued(ByteBuf whole, int total, long from, int recordEpoch) {
    long at = from;
    while (whole.readableBytes() < total) {
      at = skipSmallRoom(at);
      if (!isFragment(at, true)) {
        return -1;
      }
      ByteBuffer memory = memory(at);
      int offset = (int) (at % segmentBytes);
      int length = memory.getInt(offset + LogFormat.BODY_LENGTH);
      if (memory.getInt(offset + LogFormat.TOTAL_LENGTH) != total
          || memory.getInt(offset + LogFormat.EPOCH) != recordEpoch
          || length == 0
          || length > whole.writableBytes()) {
        return -1;
      }
      whole.writeBytes(slice(at, length));
      at += LogFormat.HEADER_BYTES + length;
    }
    return at;
  }

  private ByteBuf slice(long at, int length) {
    int offset = (int) (at % segmentBytes) + LogFormat.HEADER_BYTES;
    return Unpooled.wrappedBuffer(memory(at).slice(offset, length));
  }

  /** The next sound record, if the log had been synced beyond this place; else -1. */
  private long syncedBehind(long damaged) {
    long first = -1;
    long at = damaged + 1;
    while (at < limit) {
      if (isFragment(at, false)) {
        first = first < 0 ? at : first;
        ByteBuffer memory = memory(at);
        int offset = (int) (at % segmentBytes);
        if (memory.get(offset + LogFormat.OPERATION) == LogFormat.SYNCED
            && memory.getLong(offset + LogFormat.HEADER_BYTES) > damaged) {
          return first;
        }
        at += LogFormat.HEADER_BYTES + memory.getInt(offset + LogFormat.BODY_LENGTH);
      } else {
        at++;
      }
    }
    return -1;
  }

  public byte operation() {
    return operation;
  }

  private int idLength() {
    return (flags & LogFormat.HAS_REQUEST_ID) == 0 ? 0 : LogFormat.REQUEST_ID_BYTES;
  }

  public boolean hasRequestId() {
    return idLength() > 0;
  }

  public long gatewayIncarnation() {
    return body.getLong(0);
  }

  public long sequence() {
    return body.getLong(Long.BYTES);
  }

  /** Borrowed until the next record. */
  public ByteBuf key() {
    return body.slice(idLength(), keyLength);
  }

  /** Borrowed until the next record. */
  public ByteBuf value() {
    int from = idLength() + keyLength;
    return body.slice(from, body.readableBytes() - from);
  }

  /** The position of the record. */
  public long start() {
    return start;
  }

  /** The position after the record; at the end of the log, where the next record goes. */
  public long position() {
    return position;
  }

  /** Bytes that were skipped as damage. */
  public long damagedBytes() {
    return damagedBytes;
  }
}
