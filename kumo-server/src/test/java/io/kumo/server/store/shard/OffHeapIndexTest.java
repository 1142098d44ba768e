package io.kumo.server.store.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.ChecksummedReader;
import io.kumo.server.store.disk.ChecksummedWriter;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.SimulatedDisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffHeapIndexTest {
  private static final int SHARD_BITS = 3;
  private static final DirectMemory MEMORY = new DirectMemory(64 << 20);

  private record Key(long hash, long fingerprint) {}

  private final Random random = new Random(7);
  private OffHeapIndex index = new OffHeapIndex(SHARD_BITS, MEMORY);
  private final Map<Key, Long> expected = new HashMap<>();
  private final Map<Long, Key> keys = new HashMap<>();
  private long nextRecid = 10;

  private Key randomKey(int hostileOf10) {
    boolean hostile = random.nextInt(10) < hostileOf10;
    long hash = hostile ? 0x123456789abcdefL : random.nextLong() >>> SHARD_BITS;
    return new Key(hash, random.nextLong());
  }

  private long find(Key key) {
    return index.find(key.hash(), key.fingerprint(), recid -> key.equals(keys.get(recid)));
  }

  private void insert(Key key) {
    long recid = nextRecid++;
    keys.put(recid, key);
    expected.put(key, recid);
    index.insert(key.hash(), key.fingerprint(), recid);
  }

  private void assertHoldsAll() {
    expected.forEach((key, recid) -> assertThat(find(key)).isEqualTo(recid));
    assertThat(index.size()).isEqualTo(expected.size());
  }

  @Test
  void holdsWhatAMapWouldHold() {
    List<Key> present = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      if (random.nextInt(3) > 0 || present.isEmpty()) {
        Key key = randomKey(1);
        insert(key);
        present.add(key);
      } else {
        Key key = present.remove(random.nextInt(present.size()));
        index.remove(key.hash(), key.fingerprint(), expected.remove(key));
        assertThat(find(key)).isZero();
      }
    }
    assertHoldsAll();
  }

  @Test
  void keysOfOneHashNeedFewComparisons() {
    for (int i = 0; i < 4000; i++) {
      insert(randomKey(10));
    }
    int[] comparisons = {0};
    expected.forEach(
        (key, recid) ->
            index.find(
                key.hash(),
                key.fingerprint(),
                found -> {
                  comparisons[0]++;
                  return found == recid;
                }));
    assertThat(comparisons[0]).isLessThan(3 * 4000);
    assertHoldsAll();
  }

  @Test
  void aWalkMeetsEveryKeyOnceInTheOrderOfPages() {
    for (int i = 0; i < 20_000; i++) {
      insert(randomKey(1));
    }
    long before = 0;
    int met = 0;
    for (int entry = 0; entry < 1 << OffHeapIndex.TAG_BITS; ) {
      long least = Long.MAX_VALUE;
      long greatest = before;
      for (long slot : index.slotsAt(entry)) {
        long recid = slot & OffHeapIndex.MAX_RECID;
        long hash = keys.get(recid).hash();
        least = Math.min(least, hash);
        greatest = Math.max(greatest, hash);
        met++;
      }
      assertThat(least).isGreaterThanOrEqualTo(before);
      before = greatest;
      entry = index.nextEntry(entry);
    }
    assertThat(met).isEqualTo(expected.size());
  }

  @Test
  void comesBackFromItsFile() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      insert(randomKey(2));
    }
    SimulatedDisk disk = new SimulatedDisk(random);
    ChecksummedWriter out = new ChecksummedWriter(disk.open("index"));
    index.write(out);
    out.finish();
    index.release();
    index = OffHeapIndex.read(SHARD_BITS, new ChecksummedReader(disk.open("index")), MEMORY);
    assertHoldsAll();
    insert(randomKey(0));
    assertHoldsAll();
  }
}
