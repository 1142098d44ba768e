package io.kumo.server.store.mapdb;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * A seeded hash over a whole raw key, so that nobody can choose keys that meet in the index. Only
 * within one process or index file do two of them agree.
 */
public final class KeyFingerprint {
  private static final long MIX_1 = 0x9E3779B97F4A7C15L;
  private static final long MIX_2 = 0xD6E8FEB86659FD93L;

  private final long seed;

  public KeyFingerprint(long seed) {
    this.seed = seed;
  }

  public long seed() {
    return seed;
  }

  public long of(ByteBuf key) {
    int at = key.readerIndex();
    int end = at + key.readableBytes();
    long hash = seed ^ (end - at);
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash, key.getLong(at));
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << 8 | (key.getByte(at) & 0xff);
    }
    return mix(hash, tail);
  }

  public long of(ByteBuffer buffer, int start, int length) {
    int at = start;
    int end = start + length;
    long hash = seed ^ length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash, buffer.getLong(at));
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << 8 | (buffer.get(at) & 0xff);
    }
    return mix(hash, tail);
  }

  private long mix(long hash, long word) {
    long a = hash ^ word ^ MIX_1;
    long b = seed ^ MIX_2 ^ Long.rotateLeft(word, 32);
    return Math.multiplyHigh(a, b) ^ (a * b);
  }
}
