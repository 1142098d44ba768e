package io.kumo.server.store;

import io.netty.buffer.ByteBuf;

/** Receives the records of a scan. */
@FunctionalInterface
public interface RecordVisitor {
  /**
   * Borrows both buffers for the length of the call. The value is cut to {@link
   * ScanLimits#maxValueBytes()}.
   *
   * @param valueLength the whole length of the raw value in bytes
   * @return whether to go on; the scan resumes after this record
   */
  boolean visit(ByteBuf rawKey, ByteBuf rawValue, int valueLength);

  /** A record is passed over, as it has not the checksum of its content. */
  default void damaged() {}
}
