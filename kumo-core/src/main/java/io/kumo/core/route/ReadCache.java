package io.kumo.core.route;

import io.kumo.core.route.request.KeyList;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Copies of records that were read. None is shown before a server has said that it is good. */
public interface ReadCache {
  /** Lends the raw value last read of a key, never to be changed; null when there is none. */
  byte @Nullable [] find(KeyList keys, int index);

  /** May keep a copy of the raw value; borrows it. */
  void put(KeyList keys, int index, ByteBuf raw);

  /** Drops the copy of a key. */
  void drop(KeyList keys, int index);
}
