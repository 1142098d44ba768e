package io.kumo.server.store.mapdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.DirectMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private static final int RECORDS = 5000;

  private final Memtable table = new Memtable(new DirectMemory(64 << 20));

  /** Places fall while recids grow; every fourth recid shares its bucket with another. */
  private static long place(int i) {
    return (RECORDS - i) * 4096L + 16;
  }

  private static long recid(int i) {
    return i % 4 == 0 ? 10 + i : 10 + i + 65_536L * (i % 4);
  }

  private static byte[] bytes(int i, int round) {
    byte[] bytes = new byte[40 + i % 700];
    new Random(31L * i + round).nextBytes(bytes);
    return bytes;
  }

  private void put(int i, int round) {
    byte[] bytes = bytes(i, round);
    table.put(recid(i), place(i), bytes, bytes.length);
  }

  private byte[] found(int entry) {
    byte[] found = new byte[table.length(entry)];
    table.memory(entry).get(table.recordIndex(entry), found);
    return found;
  }

  @Test
  void everyRecordIsFoundWithItsPlaceAndLength() {
    for (int i = 0; i < RECORDS; i++) {
      put(i, 0);
    }
    for (int i = 0; i < RECORDS; i += 3) {
      put(i, 1);
    }
    for (int i = 0; i < RECORDS; i++) {
      int entry = table.find(recid(i));
      assertThat(table.place(entry)).isEqualTo(place(i));
      assertThat(table.recidOf(entry)).isEqualTo(recid(i));
      assertThat(found(entry)).isEqualTo(bytes(i, i % 3 == 0 ? 1 : 0));
    }
    assertThat(table.find(9)).isZero();
    assertThat(table.find(1L << 40)).isZero();
    table.release();
  }

  @Test
  void overwritingTakesNoMoreMemory() {
    put(1, 0);
    long bytes = table.bytes();
    put(1, 1);
    assertThat(table.bytes()).isEqualTo(bytes);
    table.release();
    assertThat(table.bytes()).isZero();
  }

  @Test
  void whatWasRemovedIsNotWrittenUnlessItWasFrozenBefore() {
    for (int i = 0; i < 100; i++) {
      put(i, 0);
    }
    table.remove(recid(7), false);
    table.remove(recid(8), true);
    put(9, 1);
    List<Long> places = new ArrayList<>();
    for (long key : table.sorted()) {
      places.add(table.place((int) key));
    }
    assertThat(places).isSorted().hasSize(99).contains(place(8)).doesNotContain(place(7));
    assertThat(table.find(recid(7)) | table.find(recid(8))).isZero();
    assertThat(table.contains(recid(8))).isFalse();
    put(7, 2);
    assertThat(found(table.find(recid(7)))).isEqualTo(bytes(7, 2));
    assertThat(table.sorted()).hasSize(100);
    table.release();
  }

  @Test
  void placesBeyondFourGigabytesKeepTheirOrder() {
    long[] places = {16, (1L << 32) + 16, 1L << 35, Memtable.MAX_PLACE - 16};
    for (int i = places.length - 1; i >= 0; i--) {
      table.put(i + 10, places[i], new byte[50], 50);
    }
    assertThat(Arrays.stream(table.sorted()).map(key -> table.place((int) key)))
        .containsExactly(16L, (1L << 32) + 16, 1L << 35, Memtable.MAX_PLACE - 16);
    table.release();
  }

  @Test
  void aClearedTableIsUsedAgain() {
    for (int i = 0; i < RECORDS; i++) {
      put(i, 0);
    }
    table.letGo(table.clear());
    assertThat(table.isEmpty()).isTrue();
    assertThat(table.find(recid(3))).isZero();
    put(3, 1);
    assertThat(found(table.find(recid(3)))).isEqualTo(bytes(3, 1));
    assertThat(table.sorted()).hasSize(1);
    table.release();
  }

  @Test
  void withoutMemoryForOneMoreNothingIsAddedAndWhatIsThereIsStillOverwritten() {
    Memtable small = new Memtable(new DirectMemory(1 << 20));
    int added = 0;
    while (small.put(added + 1, place(added), bytes(added, 0), 40)) {
      added++;
    }
    assertThat(added).isBetween(1000, RECORDS * 4);
    assertThat(small.find(added + 1)).isZero();
    assertThat(small.put(1, place(0), bytes(0, 1), 40)).isTrue();
    small.letGo(small.clear());
    assertThat(small.put(added + 1, place(added), bytes(added, 0), 40)).isTrue();
    small.release();
  }
}
