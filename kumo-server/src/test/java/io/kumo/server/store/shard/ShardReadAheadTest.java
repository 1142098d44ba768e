package io.kumo.server.store.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.Patient;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.kumo.server.store.mapdb.RecordFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardReadAheadTest {
  /** More than the recids of one index page of MapDB, in one shard. */
  private static final int RECORDS = 140_000;

  private static final int VALUE_BYTES = 100;

  private static final int RECORD_BYTES =
      RecordFormat.HEADER_BYTES + Long.BYTES + Integer.BYTES + Long.BYTES + VALUE_BYTES;

  @TempDir Path directory;
  private MapDbStore store;

  @BeforeEach
  void open() {
    StoreOptions options =
        StoreOptions.small()
            .withShards(1)
            .withLogSizeBytes(128 << 20)
            .withDirtyMemoryBytes(256 << 20);
    store = MapDbStore.open(directory, "127.0.0.1:19800", options.withFsync(FsyncPolicy.NEVER));
    for (int i = 0; i < RECORDS; i++) {
      Patient.update(store, key(i), value(i));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static ByteBuf key(int i) {
    return Unpooled.buffer().writeLong(i * 0x9E3779B97F4A7C15L).writeInt(i);
  }

  private static ByteBuf value(int i) {
    return Unpooled.buffer().writeLong(i + 1L).writeZero(VALUE_BYTES);
  }

  private long fetchedOf(int first, int count) {
    ShardReadAhead ahead = (ShardReadAhead) store.readAhead();
    for (int i = first; i < first + count; i++) {
      ahead.add(key(i));
    }
    ahead.fetch();
    assertThat(ahead.fetchedBytes % RECORD_BYTES).isZero();
    return ahead.fetchedBytes / RECORD_BYTES;
  }

  @Test
  void findsEveryRecordWhereverItsPlaceIsKept() {
    for (int first = 0; first < RECORDS; first += 1000) {
      int from = first;
      // A shard that is being checkpointed is left out.
      await().untilAsserted(() -> assertThat(fetchedOf(from, 1000)).isEqualTo(1000));
    }
  }

  @Test
  void keysWithoutRecordsAndThoseTooManyAreLeftOut() {
    assertThat(fetchedOf(RECORDS, 500)).isLessThan(5);
    await().untilAsserted(() -> assertThat(fetchedOf(0, 3000)).isEqualTo(ShardReadAhead.MAX_KEYS));
  }

  @Test
  void aStoppedStoreIsNotTouched() {
    ShardReadAhead ahead = (ShardReadAhead) store.readAhead();
    ahead.add(key(1));
    ahead.add(key(2));
    store.close();
    ahead.fetch();
    assertThat(ahead.fetchedBytes).isZero();
  }
}
