package io.kumo.core.item;

import io.kumo.core.ring.RangeDigest;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * A number for one record that two servers compute alike. Sums of it (modulo 2^64, see {@link
 * RangeDigest}) tell whether two sets of records are the same, whatever the order in which they
 * were met; a record that comes or goes is added or taken off.
 *
 * <p>The raw key goes through {@link #fold} in big-endian words of 8 bytes, what is left at its end
 * as one more (0 when nothing is), beginning with its length. The ClockTime is one {@link #step}
 * more, and so is the CRC-32C of the raw value where values are compared. No secret is in it:
 * whoever makes two keys meet hides a difference between replicas that is there already, and makes
 * none.
 */
public final class RecordDigest {
  private static final long SEED = 0x2545F4914F6CDD1DL;
  private static final long MIX_1 = 0x9E3779B97F4A7C15L;
  private static final long MIX_2 = 0xD6E8FEB86659FD93L;

  private RecordDigest() {}

  /** Of key and ClockTime. Borrows the raw key. */
  public static long of(ByteBuf rawKey, long clockTime) {
    return step(ofKey(rawKey), clockTime);
  }

  /** Of the key alone: {@link #step} with a ClockTime makes it the record's. */
  public static long ofKey(ByteBuf rawKey) {
    int at = rawKey.readerIndex();
    int end = at + rawKey.readableBytes();
    long digest = SEED ^ (end - at);
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      digest = fold(digest, rawKey.getLong(at));
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << Byte.SIZE | (rawKey.getByte(at) & 0xff);
    }
    return fold(digest, tail);
  }

  /**
   * Of key and ClockTime.
   *
   * @param buffer with the raw key in it, big-endian; read without a change of its position
   */
  public static long of(ByteBuffer buffer, int start, int length, long clockTime) {
    int at = start;
    int end = start + length;
    long digest = SEED ^ length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      digest = fold(digest, buffer.getLong(at));
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << Byte.SIZE | (buffer.get(at) & 0xff);
    }
    return step(fold(digest, tail), clockTime);
  }

  /**
   * Of key, ClockTime and value.
   *
   * @param digest of key and ClockTime
   * @param checksum CRC-32C of the raw value
   */
  public static long withValue(long digest, int checksum) {
    return step(digest, checksum);
  }

  /** Both halves of a product of 128 bits, signed: cheap, and good enough within a key. */
  private static long fold(long digest, long word) {
    long mixed = digest ^ word;
    return Math.multiplyHigh(mixed, MIX_1) ^ (mixed * MIX_1) ^ word;
  }

  /** A bijection of the digest for each word, in which every bit depends on every other. */
  public static long step(long digest, long word) {
    long mixed = (digest ^ word) * MIX_1;
    mixed = (mixed ^ mixed >>> 32) * MIX_2;
    return mixed ^ mixed >>> 29;
  }
}
