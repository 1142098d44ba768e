package io.kumo.core.route.request;

import io.kumo.core.ring.KeyHash;
import java.util.Arrays;

/**
 * The keys of one command, each laid out as it goes on the wire to a server: 8 bytes hash (big
 * endian), the key prefix, the client's key. The hash is computed once, here.
 *
 * <p>Reused; confined to its event loop.
 */
public final class KeyList {
  /** Bytes of the hash in front of a raw key. */
  public static final int HASH_BYTES = Long.BYTES;

  private static final int INITIAL_BYTES = 128;
  private static final int KEPT_BYTES = 16 * 1024;
  private static final int KEPT_KEYS = 256;

  private final byte[] prefix;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int[] ends = new int[1];
  private long[] hashes = new long[1];
  private int size;

  /**
   * @param prefix goes in front of each key and is part of what is hashed; empty for none
   */
  public KeyList(byte[] prefix) {
    this.prefix = prefix;
  }

  /** Appends a copy of the key. */
  public void add(byte[] source, int offset, int length) {
    int start = size == 0 ? 0 : ends[size - 1];
    int keyStart = start + HASH_BYTES;
    int end = keyStart + prefix.length + length;
    ensureRoom(end);
    System.arraycopy(prefix, 0, bytes, keyStart, prefix.length);
    System.arraycopy(source, offset, bytes, keyStart + prefix.length, length);
    long hash = KeyHash.of(bytes, keyStart, end - keyStart);
    putLong(start, hash);
    ends[size] = end;
    hashes[size] = hash;
    size++;
  }

  private void putLong(int at, long value) {
    for (int i = 0; i < HASH_BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (56 - 8 * i));
    }
  }

  private void ensureRoom(int end) {
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 4 * size);
      hashes = Arrays.copyOf(hashes, 4 * size);
    }
  }

  public int size() {
    return size;
  }

  /** Holds all keys; valid between {@link #start} and {@link #end} of each, until cleared. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the raw key, hash included, begins. */
  public int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  public int end(int index) {
    return ends[index];
  }

  /** Where the key begins as the client sent it. */
  public int clientKeyStart(int index) {
    return start(index) + HASH_BYTES + prefix.length;
  }

  public int clientKeyLength(int index) {
    return ends[index] - clientKeyStart(index);
  }

  public long hash(int index) {
    return hashes[index];
  }

  /** Forgets all, and keeps the memory for the next. */
  public void clear() {
    size = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
    if (ends.length > KEPT_KEYS) {
      ends = new int[1];
      hashes = new long[1];
    }
  }
}
