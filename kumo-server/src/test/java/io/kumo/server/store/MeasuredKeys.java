package io.kumo.server.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Keys of 24 bytes and values that a measuring thread uses over and over. */
public final class MeasuredKeys {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
  private static final AtomicLong CLOCK = new AtomicLong(1L << 32);

  private final ByteBuf key = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(8 + 16);
  private final ByteBuf value;
  private final SplittableRandom random;
  private final int records;

  /** Of a record of so many bytes of data: ClockTime, meta and item header come on top. */
  MeasuredKeys(int records, int dataBytes, long seed) {
    this.records = records;
    value = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(18 + dataBytes);
    random = new SplittableRandom(seed);
  }

  /** The values to come are newer than this ClockTime. */
  static void startAfter(long clockTime) {
    CLOCK.accumulateAndGet(clockTime, Math::max);
  }

  public ByteBuf key(long number) {
    return key.setLong(0, number * SPREAD).setLong(8, number).setLong(16, number);
  }

  ByteBuf anyKey() {
    return key(random.nextInt(records));
  }

  /** A key of the same hash as all other hostile ones. */
  public ByteBuf hostileKey(long number) {
    return key.setLong(0, 0x1234_5678_9abc_def0L).setLong(8, number).setLong(16, number);
  }

  /** Newer than all before. */
  public ByteBuf value() {
    return value.setLong(0, CLOCK.incrementAndGet());
  }

  ByteBuf tombstone() {
    return value().slice(0, Store.TOMBSTONE_BYTES);
  }

  int random(int bound) {
    return random.nextInt(bound);
  }

  static byte[] bytes(ByteBuf key) {
    return RawRecords.bytes(key);
  }
}
