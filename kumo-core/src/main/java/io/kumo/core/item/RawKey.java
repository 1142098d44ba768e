package io.kumo.core.item;

import io.kumo.core.ring.KeyHash;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A key as on the wire and on disk: 8 bytes of hash, big endian, then the user's key. Servers trust
 * the hash and never compute it.
 */
public final class RawKey {
  /** Length of the hash in front. */
  public static final int HASH_BYTES = 8;

  private static final int SCRATCH_BYTES = 1024;
  private static final ThreadLocal<byte[]> SCRATCH =
      ThreadLocal.withInitial(() -> new byte[SCRATCH_BYTES]);

  private RawKey() {}

  /** Of a raw key; it must have 8 bytes at least. */
  public static long hash(ByteBuf rawKey) {
    return rawKey.getLong(rawKey.readerIndex());
  }

  /** Of a user's key, which is borrowed. */
  public static long hashOf(ByteBuf key) {
    int length = key.readableBytes();
    if (key.hasArray()) {
      return KeyHash.of(key.array(), key.arrayOffset() + key.readerIndex(), length);
    }
    byte[] bytes = length <= SCRATCH_BYTES ? SCRATCH.get() : new byte[length];
    key.getBytes(key.readerIndex(), bytes, 0, length);
    return KeyHash.of(bytes, 0, length);
  }

  /** Returns the raw key of a user's key, which is borrowed. */
  public static ByteBuf encode(ByteBufAllocator allocator, ByteBuf key) {
    int length = key.readableBytes();
    ByteBuf rawKey = allocator.buffer(HASH_BYTES + length, HASH_BYTES + length);
    rawKey.writeLong(hashOf(key));
    return rawKey.writeBytes(key, key.readerIndex(), length);
  }

  /** Returns the user's key as a slice that borrows the memory of {@code rawKey}. */
  public static ByteBuf userKey(ByteBuf rawKey) {
    int start = rawKey.readerIndex() + HASH_BYTES;
    return rawKey.slice(start, rawKey.readableBytes() - HASH_BYTES);
  }
}
