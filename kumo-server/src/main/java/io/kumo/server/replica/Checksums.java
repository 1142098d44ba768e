package io.kumo.server.replica;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/** CRC-32C of raw values, by which replicas tell each other whether theirs are the same. */
public final class Checksums {
  private Checksums() {}

  /** Borrows the value. */
  public static int of(ByteBuf value) {
    CRC32C crc = new CRC32C();
    crc.update(value.nioBuffer());
    return (int) crc.getValue();
  }
}
