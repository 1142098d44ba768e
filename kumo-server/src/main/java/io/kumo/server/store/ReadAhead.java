package io.kumo.server.store;

import io.netty.buffer.ByteBuf;

/**
 * Brings the records of several keys that are about to be read close to the processor, all at a
 * time: the waits for memory then overlap, where reads one after the other would add them up. A
 * hint, which changes no answer. Confined to one thread.
 */
public interface ReadAhead {
  /** For a store that gains nothing by it. */
  ReadAhead NONE =
      new ReadAhead() {
        @Override
        public void add(ByteBuf rawKey) {}

        @Override
        public void fetch() {}
      };

  /** Notes a key, which it borrows. Of more keys than fit the last go unnoticed. */
  void add(ByteBuf rawKey);

  /** Fetches the records of the keys noted, and forgets these. Never waits, never throws. */
  void fetch();
}
