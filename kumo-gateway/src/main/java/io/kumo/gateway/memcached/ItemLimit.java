package io.kumo.gateway.memcached;

/** The greatest value that may be stored; an operator may change it. Confined to an event loop. */
public final class ItemLimit {
  private int bytes;

  public ItemLimit(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  public void set(int newBytes) {
    bytes = newBytes;
  }
}
