package io.kumo.server.write.change;

import io.kumo.core.item.Item;
import io.kumo.core.protocol.write.MutateStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The three writes of kumofs 0.4.13 gateways, whose raw values the server stores as they are. */
public final class OriginalChange {
  private OriginalChange() {}

  /** Stores the value, whatever is there; takes it. */
  public static Change set(ByteBuf rawValue) {
    return new Change() {
      @Override
      public Decision decide(@Nullable ByteBuf current, long clockTime) {
        return Decision.store(rawValue);
      }

      @Override
      public boolean blind() {
        return true;
      }

      @Override
      public boolean conditional() {
        return false;
      }

      @Override
      public boolean repeatable(boolean untouched) {
        return true;
      }
    };
  }

  /**
   * Stores the value if the record, or tombstone, has the ClockTime that the value carries; takes
   * it. Where nothing is, or a tombstone, 0 matches: that is an add of a gateway that takes this
   * server for an original. Any other number does not, where the original would store over nothing:
   * a lost record could be swapped into being.
   */
  public static Change compareAndSwap(ByteBuf rawValue) {
    long expected = rawValue.getLong(rawValue.readerIndex());
    return new Change() {
      @Override
      public Decision decide(@Nullable ByteBuf current, long clockTime) {
        boolean absent = current == null || Item.isTombstone(current);
        boolean adds = absent && expected == 0;
        boolean matches = adds || (current != null && Item.clockTime(current) == expected);
        return matches ? Decision.store(rawValue) : Decision.keep(MutateStatus.EXISTS);
      }

      @Override
      public boolean conditional() {
        return true;
      }

      @Override
      public boolean repeatable(boolean untouched) {
        return true;
      }
    };
  }

  /** Leaves a tombstone, also where nothing was, as the original does. */
  public static Change delete() {
    return new Change() {
      @Override
      public Decision decide(@Nullable ByteBuf current, long clockTime) {
        return Decision.store(Unpooled.buffer(Long.BYTES).writeLong(clockTime));
      }

      @Override
      public boolean conditional() {
        return false;
      }

      @Override
      public boolean repeatable(boolean untouched) {
        return true;
      }
    };
  }
}
