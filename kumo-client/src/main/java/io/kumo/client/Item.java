package io.kumo.client;

import java.nio.charset.StandardCharsets;

/** What a key has: its value, and what was stored with it. Immutable, but for the array. */
public final class Item {
  private final byte[] value;
  private final int flags;
  private final long cas;

  Item(byte[] value, int flags, long cas) {
    this.value = value;
    this.flags = flags;
    this.cas = cas;
  }

  /** The value itself, not a copy. */
  public byte[] value() {
    return value;
  }

  /** The value as UTF-8. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** The 32 bits that were stored with it; memcached clients say with them what the value is. */
  public int flags() {
    return flags;
  }

  /** The version, for {@link KumoClient#cas}; unsigned, never 0, greater with every write. */
  public long cas() {
    return cas;
  }

  @Override
  public String toString() {
    return value.length + " bytes, flags " + Integer.toUnsignedString(flags);
  }
}
