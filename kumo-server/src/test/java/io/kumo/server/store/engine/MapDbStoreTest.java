package io.kumo.server.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kumo.server.store.Patient;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreContract;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapDbStoreTest extends StoreContract {
  @TempDir Path directory;

  @Override
  public Store open() {
    return MapDbStore.open(directory, "127.0.0.1:19800", StoreOptions.small());
  }

  @Test
  void recordsOutliveACleanClose() {
    Map<Integer, Integer> expected = writeRandomly(20_000, 2_000);
    store.close();
    store = open();
    assertThat(((MapDbStore) store).recoveryReport().clean()).isTrue();
    assertThat(((MapDbStore) store).recoveryReport().indexesScanned()).isZero();
    assertThat(((MapDbStore) store).recoveryReport().recordsReplayed()).isZero();
    assertHoldsAll(expected);
    store.close();
    store = open();
    assertHoldsAll(expected);
  }

  @Test
  void aBackupTakenUnderLoadOpensWithAllThatWasThereBefore(@TempDir Path target) throws Exception {
    Map<Integer, Integer> expected = writeRandomly(20_000, 2_000);
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 30_000; !stop.get(); i++) {
                Patient.update(store, keyOf(10_000 + i % 1000), value(i, "meanwhile"));
              }
            });
    writer.start();
    store.putState("mark", new byte[] {1, 2});
    store.backup(target);
    stop.set(true);
    writer.join();
    store.close();
    store = MapDbStore.open(target, "127.0.0.1:19800", StoreOptions.small());
    expected.forEach(
        (key, i) -> assertHolds(keyOf(key), i < 0 ? tombstone(-i) : value(i, payload(key, i))));
    assertThat(store.state("mark")).containsExactly(1, 2);
  }

  @Test
  void shardsAreCheckpointedUntilTheLogIsShortAgain() {
    long bound = StoreOptions.small().logSizeBytes();
    String payload = "x".repeat(200);
    for (int i = 1; i < 8 * bound / payload.length(); i++) {
      Patient.update(store, keyOf(i % 1000), value(i, payload));
    }
    await().until(() -> store.statistics().logBytes() < bound);
    assertThat(store.statistics().checkpointCount())
        .isGreaterThanOrEqualTo(StoreOptions.small().shards());
  }

  @Test
  void aBackupGoesNowhereButIntoAnEmptyDirectory() {
    assertThatThrownBy(() -> store.backup(directory)).isInstanceOf(StoreException.class);
  }

  @Test
  void compactGivesSpaceBackAndKeepsEveryRecordAndEveryWriteMeanwhile() throws Exception {
    Map<Integer, Integer> expected = writeRandomly(20_000, 2_000);
    for (int key = 5_000; key < 60_000; key++) {
      Patient.update(store, keyOf(key), value(key, "x".repeat(300)));
    }
    for (int key = 5_000; key < 60_000; key++) {
      Patient.removeIf(store, keyOf(key), key);
    }
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger last = new AtomicInteger();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 30_000; !stop.get(); i++) {
                Patient.update(store, keyOf(100_000 + i % 1000), value(i, "meanwhile" + i));
                last.set(i);
              }
            });
    writer.start();
    long before = store.statistics().fileBytes();
    store.compact();
    stop.set(true);
    writer.join();
    assertThat(store.statistics().fileBytes()).isLessThan(before / 2);
    for (int i = last.get() - 999; i <= last.get(); i++) {
      assertHolds(keyOf(100_000 + i % 1000), value(i, "meanwhile" + i));
    }
    expected.forEach(
        (key, i) -> assertHolds(keyOf(key), i < 0 ? tombstone(-i) : value(i, payload(key, i))));
    store.close();
    store = open();
    expected.forEach(
        (key, i) -> assertHolds(keyOf(key), i < 0 ? tombstone(-i) : value(i, payload(key, i))));
    assertThat(store.liveCount() + store.tombstoneCount()).isEqualTo(expected.size() + 1000);
  }

  /** Writes values whose length and bytes follow from key and ClockTime; the map holds the last. */
  private Map<Integer, Integer> writeRandomly(int writes, int keys) {
    Random random = new Random(1);
    Map<Integer, Integer> expected = new HashMap<>();
    for (int i = 1; i <= writes; i++) {
      int key = random.nextInt(keys);
      ByteBuf value = random.nextInt(10) == 0 ? tombstone(i) : value(i, payload(key, i));
      Patient.update(store, keyOf(key), value);
      expected.put(key, value.readableBytes() == 8 ? -i : i);
    }
    return expected;
  }

  private static ByteBuf keyOf(int key) {
    return key(key * 0x9E3779B97F4A7C15L, "key" + key);
  }

  private static String payload(int key, int clockTime) {
    int length = clockTime % 500 == 0 ? 100_000 + clockTime : clockTime % 300;
    return (key + "-" + clockTime + "-").repeat(length / 8 + 1);
  }

  private void assertHoldsAll(Map<Integer, Integer> expected) {
    expected.forEach(
        (key, i) -> assertHolds(keyOf(key), i < 0 ? tombstone(-i) : value(i, payload(key, i))));
    long tombstones = expected.values().stream().filter(i -> i < 0).count();
    assertThat(store.tombstoneCount()).isEqualTo(tombstones);
    assertThat(store.liveCount()).isEqualTo(expected.size() - tombstones);
  }
}
