package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class SweeperTest {
  private final MemoryStore store = new MemoryStore();

  private static ByteBuf item(long seconds, int expirySeconds) {
    return Unpooled.buffer()
        .writeLong(ClockTime.of(seconds, 0))
        .writeShort(1)
        .writeInt(0)
        .writeInt(expirySeconds)
        .writeBytes(new byte[40]);
  }

  private static ByteBuf tombstone(long seconds) {
    return Unpooled.buffer().writeLong(ClockTime.of(seconds, 0));
  }

  @Test
  void onlyTombstonesAndExpiredItemsUpToTheMarkAreDropped() {
    store.update(StoreContract.key(1, "old tombstone"), tombstone(100));
    store.update(StoreContract.key(2, "young tombstone"), tombstone(201));
    store.update(StoreContract.key(3, "live for ever"), item(100, 0));
    store.update(StoreContract.key(4, "expired before the mark"), item(100, 150));
    store.update(StoreContract.key(5, "expired after the mark"), item(100, 250));
    store.update(StoreContract.key(6, "record of the original"), StoreContract.value(1, "x"));

    Sweeper sweeper = new Sweeper(store, () -> ClockTime.of(200, 0), 2);
    while (sweeper.rounds() < 2) {
      sweeper.step();
    }

    assertThat(sweeper.dropped()).isEqualTo(2);
    assertThat(store.tombstoneCount()).isEqualTo(1);
    assertThat(store.liveCount()).isEqualTo(3);
    assertThat(store.clockTime(StoreContract.key(4, "expired before the mark"))).isZero();
  }

  @Test
  void nothingIsDroppedWithoutAMark() {
    store.update(StoreContract.key(1, "a"), tombstone(100));
    new Sweeper(store, () -> 0, 10).step();
    assertThat(store.tombstoneCount()).isEqualTo(1);
  }
}
