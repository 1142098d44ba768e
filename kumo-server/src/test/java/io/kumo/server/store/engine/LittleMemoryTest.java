package io.kumo.server.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.server.store.Patient;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreMemory;
import io.kumo.server.store.StoreOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that may take so little memory outside the heap that its records fill it. */
class LittleMemoryTest {
  private static final String NODE = "little";
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private static final int MANY = 40_000;
  private static final int LITTLE_MB = 1;

  @TempDir Path directory;

  private long clockTime = 1;
  private MapDbStore store;

  /** Most records come while there is memory, since without it each few need a checkpoint. */
  @BeforeEach
  void fillWithEnough() {
    store = open(64);
    for (int number = 0; number < MANY; number++) {
      put(number);
    }
    store.close();
    store = open(LITTLE_MB);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private MapDbStore open(double megabytes) {
    StoreOptions options = StoreOptions.defaults().withShards(1).withLogSizeBytes(64 << 20);
    return MapDbStore.open(
        directory, NODE, options.withDirectMemoryBytes((long) (megabytes * (1 << 20))));
  }

  private static ByteBuf key(int number) {
    return Unpooled.copyLong((number + 1) * SPREAD, number);
  }

  private void put(int number) {
    Patient.update(store, key(number), Unpooled.copyLong(++clockTime, number, number));
  }

  /** Returns how many there are. */
  private int fill() {
    for (int number = MANY; ; number++) {
      try {
        put(number);
      } catch (StoreException e) {
        assertThat(e.code()).isEqualTo(StoreException.Code.MEMORY_FULL);
        assertThat(e).hasMessageContaining("KUMO_MEMORY");
        return number;
      }
    }
  }

  private void assertHolds(int number) {
    ByteBuf value = store.get(key(number));
    assertThat(value).as("record %d", number).isNotNull();
    value.release();
  }

  private void assertHoldsAll(int records) {
    for (int number = 0; number < records; number++) {
      assertHolds(number);
    }
    assertThat(store.liveCount()).isEqualTo(records);
  }

  @Test
  void newKeysAreRefusedBeforeAnythingIsWrittenAndAllElseGoesOn() {
    int records = fill();
    assertThat(store.get(key(records))).isNull();
    for (int number = 0; number < records; number += 50) {
      put(number);
    }
    ByteBuf first = store.get(key(0));
    long clockTime = first.getLong(0);
    first.release();
    assertThat(Patient.removeIf(store, key(0), clockTime)).isTrue();
    put(0);
    assertHoldsAll(records);
    store.close();
    store = open(LITTLE_MB);
    assertHoldsAll(records);
  }

  @Test
  void itTellsWhatTheMemoryIsTakenBy() {
    StoreMemory before = store.statistics().memory();
    assertThat(before.maxBytes()).isEqualTo(LITTLE_MB << 20);
    assertThat(before.indexBytes()).isBetween(MANY * 8L, before.maxBytes());
    assertThat(before.notKeptAsideCount()).isZero();
    for (int number = 0; number < MANY; number++) {
      put(number);
    }
    StoreMemory after = store.statistics().memory();
    assertThat(after.indexBytes()).isEqualTo(before.indexBytes());
    assertThat(after.keptAsideBytes()).isBetween(0L, after.maxBytes() - after.indexBytes());
    assertThat(after.notKeptAsideCount()).isPositive();
  }

  @Test
  void aStoreWhoseIndexNeedsMoreDoesNotOpenAndSaysWhatToGive() {
    store.close();
    assertThatThrownBy(() -> open(0.3))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("about 13 bytes a record: give the server more with KUMO_MEMORY");
    store = open(LITTLE_MB);
    assertHoldsAll(MANY);
  }

  @Test
  void compactEndsWithoutMemoryForItsCopyAndTheStoreStaysAsItIs() {
    assertThatThrownBy(() -> store.compact())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("KUMO_MEMORY");
    put(0);
    assertHoldsAll(MANY);
  }
}
