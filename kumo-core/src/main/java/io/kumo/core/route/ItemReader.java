package io.kumo.core.route;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.request.FoundItems;
import io.netty.buffer.ByteBuf;

/** Turns raw values into what clients see of them. Confined to its event loop. */
final class ItemReader {
  private final ItemLayout layout;
  private final TimeSource time;
  private final RingHolder ring;

  ItemReader(ItemLayout layout, TimeSource time, RingHolder ring) {
    this.layout = layout;
    this.time = time;
    this.ring = ring;
  }

  /**
   * Records a hit if the item is one that a client may see.
   *
   * @param raw takes the raw value
   * @param judged whether the server has compared its expiry with the server's own clock; it cannot
   *     for records of the original's layout
   * @return whether the item is stale and no client has been told to recache it
   */
  boolean read(ByteBuf raw, boolean judged, FoundItems hits, int index) {
    // Most items never expire, and the clock is not free.
    boolean open = Item.expiry(raw, layout) != 0 && !(judged && Item.isItem(raw));
    long nowSeconds = open ? nowSeconds() : 0;
    if (!Item.isLive(raw, layout, nowSeconds, ring.flushClockTime())) {
      raw.release();
      return false;
    }
    return readAny(raw, hits, index);
  }

  /**
   * Records a hit whatever the item's expiry: a server has just decided about it.
   *
   * @param raw takes the raw value
   * @return as {@link #read}
   */
  boolean readAny(ByteBuf raw, FoundItems hits, int index) {
    int flags = Item.flags(raw, layout);
    long cas = Item.cas(raw);
    long expiry = Item.expiry(raw, layout);
    boolean stale = Item.isStale(raw);
    boolean given = Item.isWinGiven(raw);
    boolean base64 = Item.isKeyBase64(raw);
    hits.put(index, raw.skipBytes(Item.dataOffset(raw, layout)), flags, cas, expiry);
    if (stale || given || base64) {
      int state = (stale ? FoundItems.STALE : 0) | (given ? FoundItems.TOKEN_SENT : 0);
      hits.state(index, state | (base64 ? FoundItems.KEY_BASE64 : 0));
    }
    return stale && !given;
  }

  long nowSeconds() {
    return time.unixMillis() / 1000;
  }
}
