package io.kumo.server.store.log;

import io.kumo.server.store.disk.FaultPoint;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Puts fragments of records into segments, each with its header. The checksum is written after the
 * content: what a kill leaves half written is not a record. Under the lock of the log.
 */
final class FragmentWriter {
  private final int segmentBytes;
  private final int epoch;
  private final CRC32C crc = new CRC32C();

  FragmentWriter(int segmentBytes, int epoch) {
    this.segmentBytes = segmentBytes;
    this.epoch = epoch;
  }

  /**
   * Writes a part of a body.
   *
   * @param at the place of the header in the segment, which has room for it and the part
   */
  void write(LogSegment segment, int at, byte operation, LogBody body, int from, int length) {
    ByteBuffer memory = segment.memory();
    memory.limit(segmentBytes).position(at + LogFormat.HEADER_BYTES);
    segment.readAhead(at + LogFormat.HEADER_BYTES + length);
    body.copy(from, length, memory);
    memory.putInt(at + LogFormat.BODY_LENGTH, length);
    memory.putLong(at + LogFormat.LSN, segment.start() + at);
    memory.putInt(at + LogFormat.EPOCH, epoch);
    memory.putInt(at + LogFormat.TOTAL_LENGTH, body.length());
    memory.put(at + LogFormat.OPERATION, operation);
    memory.put(at + LogFormat.FLAGS, (byte) (body.flags() | (from > 0 ? LogFormat.CONTINUES : 0)));
    memory.putShort(at + LogFormat.KEY_LENGTH, (short) body.keyLength());
    FaultPoint.APPEND.reach();
    crc.reset();
    crc.update(
        memory.limit(at + LogFormat.HEADER_BYTES + length).position(at + LogFormat.BODY_LENGTH));
    memory.putInt(at + LogFormat.CRC, (int) crc.getValue());
  }
}
