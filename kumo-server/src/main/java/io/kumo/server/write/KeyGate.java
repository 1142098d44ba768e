package io.kumo.server.write;

import io.netty.buffer.ByteBuf;

/**
 * Holds operations on a key back until this coordinator is sure to have the newest record of it:
 * after a failover it asks the other replicas first, in a rebalance it pulls the record from where
 * it was.
 */
public interface KeyGate {
  /** A gate that nothing has to wait for. */
  KeyGate OPEN =
      new KeyGate() {
        @Override
        public boolean isOpen(long hash, ByteBuf rawKey) {
          return true;
        }

        @Override
        public void open(long hash, ByteBuf rawKey, Waiter waiter) {
          waiter.opened();
        }

        @Override
        public void repair(ByteBuf rawKey) {}

        @Override
        public void compare(ByteBuf rawKey) {}
      };

  /** Cheap when no key is held; borrows the key. */
  boolean isOpen(long hash, ByteBuf rawKey);

  /**
   * Has the newest record of the key brought here, then tells the waiter; borrows the key for the
   * length of the call.
   */
  void open(long hash, ByteBuf rawKey, Waiter waiter);

  /**
   * Has the replicas of this key compared and made equal before long; until then the key is held
   * back. Borrows the key.
   */
  void repair(ByteBuf rawKey);

  /**
   * Has the replicas of this key compared once, before long; meanwhile it is served as it is.
   * Borrows the key.
   */
  void compare(ByteBuf rawKey);

  /** Is told once, on the main loop, perhaps before {@link #open} returns. */
  interface Waiter {
    void opened();

    /** Another node coordinates the key now. */
    void moved();

    /** The newest record could not be had; the operation must answer an error. */
    void failed(String reason);
  }
}
