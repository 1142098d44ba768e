package io.kumo.core.route.request;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was found for each key of a command, by the index of the key. Owns the values put into it.
 *
 * <p>Reused; confined to its event loop.
 */
public final class FoundItems {
  /** Another client has been told to recache the item. */
  public static final int TOKEN_SENT = 1;

  /** The item was marked stale. */
  public static final int STALE = 2;

  /** This client is the one to recache the item. */
  public static final int WON = 4;

  /** The item was stored under a key given in base64. */
  public static final int KEY_BASE64 = 8;

  private static final int KEPT_KEYS = 256;

  private @Nullable ByteBuf[] values = new ByteBuf[1];
  private int[] flags = new int[1];
  private long[] cas = new long[1];
  private long[] expiries = new long[1];
  private byte[] states = new byte[1];
  private int size;

  /** Makes room for the items of so many keys. */
  public void prepare(int keys) {
    size = keys;
    if (keys > values.length) {
      int capacity = Math.max(keys, 2 * values.length);
      values = Arrays.copyOf(values, capacity);
      flags = new int[capacity];
      cas = new long[capacity];
      expiries = new long[capacity];
      states = new byte[capacity];
    }
  }

  /**
   * Records a hit.
   *
   * @param data takes the value without any header
   * @param casUnique never 0
   * @param expiry unix seconds, 0 for never
   */
  public void put(int index, ByteBuf data, int itemFlags, long casUnique, long expiry) {
    values[index] = data;
    flags[index] = itemFlags;
    cas[index] = casUnique;
    expiries[index] = expiry;
    states[index] = 0;
  }

  /** Adds to a hit what the meta commands know about it: the bits defined here. */
  public void state(int index, int bits) {
    states[index] = (byte) bits;
  }

  /** Takes a hit back. */
  public void drop(int index) {
    value(index).release();
    values[index] = null;
  }

  public boolean has(int index) {
    return values[index] != null;
  }

  /** Lends the value of a hit. */
  public ByteBuf value(int index) {
    ByteBuf value = values[index];
    if (value == null) {
      throw new IllegalStateException("no hit for key " + index);
    }
    return value;
  }

  public int flags(int index) {
    return flags[index];
  }

  public long cas(int index) {
    return cas[index];
  }

  /** Unix seconds, 0 for never. */
  public long expiry(int index) {
    return expiries[index];
  }

  public int state(int index) {
    return states[index];
  }

  /** Bytes of all values held. */
  public long valueBytes() {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      ByteBuf value = values[i];
      sum += value == null ? 0 : value.readableBytes();
    }
    return sum;
  }

  /** Bytes of the greatest value held; 0 without any. */
  public int greatestBytes() {
    int greatest = 0;
    for (int i = 0; i < size; i++) {
      ByteBuf value = values[i];
      greatest = value == null ? greatest : Math.max(greatest, value.readableBytes());
    }
    return greatest;
  }

  /** Forgets all, and keeps the memory for the next. */
  public void clear() {
    for (int i = 0; i < size; i++) {
      ByteBuf value = values[i];
      if (value != null) {
        value.release();
        values[i] = null;
      }
    }
    size = 0;
    if (values.length > KEPT_KEYS) {
      values = new ByteBuf[1];
      flags = new int[1];
      cas = new long[1];
      expiries = new long[1];
      states = new byte[1];
    }
  }
}
