package io.kumo.core.item;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What an item says of its data.
 *
 * @param expiry unix seconds, 0 for never
 * @param marks {@link Item#STALE}, {@link Item#WIN_GIVEN}, {@link Item#KEY_BASE64} and {@link
 *     Item#IMPORTED}
 * @param cas that clients compare with
 */
record ItemHead(int flags, long expiry, int marks, long cas) {
  private static final int MARKS = Item.STALE | Item.WIN_GIVEN | Item.KEY_BASE64 | Item.IMPORTED;

  static ItemHead of(ByteBuf value, ItemLayout layout) {
    int marks = Item.isItem(value) ? Item.meta(value) & MARKS : 0;
    return new ItemHead(
        Item.flags(value, layout), Item.expiry(value, layout), marks, Item.cas(value));
  }

  boolean has(int mark) {
    return (marks & mark) != 0;
  }

  ItemHead withExpiry(long newExpiry) {
    return new ItemHead(flags, newExpiry, marks, cas);
  }

  ItemHead withMarks(int newMarks) {
    return new ItemHead(flags, expiry, newMarks, cas);
  }

  ItemHead withCas(long newCas) {
    return new ItemHead(flags, expiry, marks, newCas);
  }

  /**
   * Returns a raw value with a copy of the data; in the original's layout, without what that cannot
   * hold.
   *
   * @param data borrowed, one after the other
   */
  ByteBuf encode(ByteBufAllocator allocator, long clockTime, ItemLayout layout, ByteBuf... data) {
    int dataBytes = 0;
    for (ByteBuf part : data) {
      dataBytes += part.readableBytes();
    }
    ByteBuf out = allocator.buffer(headBytes(clockTime, layout) + dataBytes);
    out.writeLong(clockTime);
    if (layout.writeOriginal()) {
      writeOriginalPrefix(out, layout);
    } else {
      writeItemHead(out, clockTime);
    }
    for (ByteBuf part : data) {
      out.writeBytes(part, part.readerIndex(), part.readableBytes());
    }
    return out;
  }

  private int headBytes(long clockTime, ItemLayout layout) {
    if (layout.writeOriginal()) {
      return Item.PAYLOAD_OFFSET + layout.prefixBytes();
    }
    int ownCas = cas == clockTime ? 0 : Item.CAS_BYTES;
    return Item.PAYLOAD_OFFSET + Item.FLAGS_BYTES + Item.EXPIRY_BYTES + ownCas;
  }

  private void writeItemHead(ByteBuf out, long clockTime) {
    boolean ownCas = cas != clockTime;
    out.writeShort(Item.ITEM | marks | (ownCas ? Item.OWN_CAS : 0));
    out.writeInt(flags);
    out.writeInt((int) expiry);
    if (ownCas) {
      out.writeLong(cas);
    }
  }

  private void writeOriginalPrefix(ByteBuf out, ItemLayout layout) {
    out.writeShort(0);
    if (layout.expiry()) {
      out.writeInt((int) expiry);
    }
    if (layout.flags()) {
      out.writeShort(flags);
    }
  }
}
