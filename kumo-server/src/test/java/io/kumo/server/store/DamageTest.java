package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.SimulatedDisk;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Bits flipped and files cut at random places: a value comes back right, or the damage is reported;
 * never a wrong value. {@code -Dkumo.test.scale=10} makes 10 000 runs.
 */
class DamageTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int RUNS = SCALE == 1 ? 120 : 1000 * SCALE;
  private static final int KEYS = 300;
  private static final StoreOptions OPTIONS =
      new StoreOptions(FsyncPolicy.EVERYSEC, 1, 1 << 20, 1 << 18, 0, 1 << 16, 1 << 20);

  private static ByteBuf value(int key, long clockTime) {
    return Unpooled.buffer()
        .writeLong(clockTime)
        .writeShort(0)
        .writeBytes(("value " + key + "/" + clockTime).repeat(1 + key % 9).getBytes(UTF_8));
  }

  private static final Charset UTF_8 = StandardCharsets.UTF_8;

  private static SimulatedDisk fill(Random random) throws Exception {
    SimulatedDisk disk = new SimulatedDisk(random);
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      for (int round = 1; round <= 3; round++) {
        for (int key = 0; key < KEYS; key++) {
          Patient.update(store, CrashChild.key(key), value(key, round));
        }
      }
    }
    return disk;
  }

  @Test
  void noDamageMakesAWrongValue() throws Exception {
    Random random = new Random(11);
    SimulatedDisk whole = fill(random);
    int detected = 0;
    int refused = 0;
    for (int run = 0; run < RUNS; run++) {
      SimulatedDisk disk = whole.kill();
      String what = damage(disk, random);
      try {
        detected += check(disk, what) ? 1 : 0;
      } catch (StoreException e) {
        refused++;
      }
    }
    System.out.printf(
        "%d damages: %d reported, %d refused to open, %d harmless, no wrong value%n",
        RUNS, detected, refused, RUNS - detected - refused);
    assertThat(detected).isPositive();
  }

  private static String damage(SimulatedDisk disk, Random random) {
    List<String> names = new ArrayList<>(disk.list());
    String name = names.get(random.nextInt(names.size()));
    if (random.nextInt(3) == 0) {
      name = "records.0";
    }
    byte[] bytes = disk.bytes(name);
    if (bytes.length == 0) {
      return name;
    }
    int at = random.nextInt(bytes.length);
    if (random.nextInt(4) == 0) {
      disk.truncate(name, at);
      return name + " cut at " + at;
    }
    int used = used(bytes);
    at = random.nextInt(used);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return name + " flipped at " + at;
  }

  /** Up to the last byte that is not 0, so that most flips meet something. */
  private static int used(byte[] bytes) {
    int used = bytes.length;
    while (used > 1 && bytes[used - 1] == 0) {
      used--;
    }
    return used;
  }

  /** Returns whether damage was reported. */
  private static boolean check(SimulatedDisk disk, String what) throws Exception {
    MapDbStore store = MapDbStore.open(disk, "d", OPTIONS);
    boolean reported = store.recoveryReport().isDamaged();
    try {
      for (int key = 0; key < KEYS; key++) {
        try {
          ByteBuf found = store.get(CrashChild.key(key));
          if (found == null) {
            assertThat(reported).as("%s: key %d is missing", what, key).isTrue();
          } else {
            assertThat(found).as(what).isEqualTo(value(key, 3));
            found.release();
          }
        } catch (StoreException e) {
          assertThat(e.code()).as(what).isEqualTo(StoreException.Code.CORRUPT);
          assertThat(e.getMessage()).contains("records.0");
          reported = true;
        }
      }
    } finally {
      store.close();
    }
    return reported;
  }

  @Test
  void aDamagedRecordIsReplacedByTheNextWrite() throws Exception {
    SimulatedDisk disk = fill(new Random(1));
    byte[] wanted = "value 7/3".getBytes(UTF_8);
    byte[] bytes = disk.bytes("records.0");
    int at = indexOf(bytes, wanted);
    bytes[at + 3] ^= 1;
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      assertThat(failureOf(() -> store.get(CrashChild.key(7))).getMessage())
          .contains("records.0", "raw key");
      assertThat(Patient.update(store, CrashChild.key(7), value(7, 3)).stored()).isTrue();
      ByteBuf found = store.get(CrashChild.key(7));
      assertThat(found).isEqualTo(value(7, 3));
      if (found != null) {
        found.release();
      }
    }
  }

  @Test
  void aScanFindsDamageAndShowsAllOtherRecords() throws Exception {
    SimulatedDisk disk = fill(new Random(1));
    disk.bytes("records.0")[indexOf(disk.bytes("records.0"), "value 7/3".getBytes(UTF_8))] ^= 1;
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      assertThat(scan(store)).isEqualTo(KEYS - 1);
      assertThat(store.damagedKeys(10)).containsExactly(RawRecords.bytes(CrashChild.key(7)));
      assertThat(store.statistics().damagedCount()).isEqualTo(1);
      Patient.update(store, CrashChild.key(7), value(7, 3));
      assertThat(store.damagedKeys(10)).isEmpty();
      assertThat(scan(store)).isEqualTo(KEYS);
    }
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      assertThat(store.recoveryReport().isDamaged()).isFalse();
      assertThat(store.liveCount()).isEqualTo(KEYS);
      store.verify();
    }
  }

  private static int scan(MapDbStore store) {
    AtomicInteger shown = new AtomicInteger();
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              ScanLimits.records(64, 1 << 16),
              (key, value, length) -> shown.incrementAndGet() > 0);
    }
    return shown.get();
  }

  /**
   * Otherwise the space of the shard could never be had, or the record would seem never written.
   */
  @Test
  void compactCarriesDamagedRecordsOverAsDamaged() throws Exception {
    SimulatedDisk disk = fill(new Random(1));
    byte[] bytes = disk.bytes("records.0");
    bytes[indexOf(bytes, "value 7/3".getBytes(UTF_8))] ^= 1;
    bytes[indexOf(bytes, "key55".getBytes(UTF_8)) + 4] ^= 1;
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      store.compact();
      for (int key = 0; key < KEYS; key++) {
        ByteBuf rawKey = CrashChild.key(key);
        if (key == 7 || key == 55) {
          assertThat(failureOf(() -> store.get(rawKey)).code())
              .isEqualTo(StoreException.Code.CORRUPT);
        } else {
          assertThat(store.clockTime(rawKey)).isEqualTo(3);
        }
      }
      Patient.update(store, CrashChild.key(7), value(7, 3));
      Patient.update(store, CrashChild.key(55), value(55, 3));
      assertThat(scan(store)).isEqualTo(KEYS);
      store.verify();
    }
  }

  @Test
  void aDamagedPieceOfALongValueIsNoticedAndReplacedByTheSameValue() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    byte[] payload = "0123456789abcdef".repeat(20_000).getBytes(UTF_8);
    ByteBuf longValue = Unpooled.buffer().writeLong(1).writeShort(0).writeBytes(payload);
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      Patient.update(store, CrashChild.key(1), longValue);
    }
    byte[] bytes = disk.bytes("records.0");
    bytes[indexOf(bytes, "0123456789abcdef".getBytes(UTF_8)) + 5000] ^= 1;
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      assertThat(failureOf(() -> store.get(CrashChild.key(1))).getMessage())
          .contains("records.0", "offset", "raw key");
      store.compact();
      assertThat(failureOf(() -> store.get(CrashChild.key(1))).code())
          .isEqualTo(StoreException.Code.CORRUPT);
      assertThat(Patient.update(store, CrashChild.key(1), longValue).stored()).isTrue();
      ByteBuf found = store.get(CrashChild.key(1));
      assertThat(found).isEqualTo(longValue);
      assertThat(store.damagedKeys(10)).isEmpty();
      if (found != null) {
        found.release();
      }
    }
  }

  /** Only the chunks of a large value have the checksums of its bytes. */
  @Test
  void aScanForChecksumsFindsDamageWithinLargeValues() throws Exception {
    SimulatedDisk disk = fill(new Random(1));
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      ByteBuf value = Unpooled.buffer().writeLong(4).writeShort(0);
      value.writeZero(1_500_000).writeBytes("here it is".getBytes(UTF_8)).writeZero(400_000);
      Patient.update(store, CrashChild.key(1), value);
    }
    disk.bytes("records.0")[indexOf(disk.bytes("records.0"), "here it is".getBytes(UTF_8))] ^= 1;
    try (MapDbStore store = MapDbStore.open(disk, "d", OPTIONS)) {
      store.scan(Cursor.all(), ScanLimits.headers(KEYS, 8), (key, value, length) -> true);
      assertThat(store.damagedKeys(10)).isEmpty();
      Checked checked = new Checked();
      for (Cursor at = Cursor.all(); !at.isDone(); ) {
        at = store.scan(at, ScanLimits.checksums(64, 1 << 16), checked);
      }
      assertThat(checked.damaged).isEqualTo(1);
      assertThat(checked.sound).isEqualTo(KEYS - 1);
      assertThat(store.damagedKeys(10)).containsExactly(RawRecords.bytes(CrashChild.key(1)));
    }
  }

  private static final class Checked implements RecordVisitor {
    private int sound;
    private int damaged;

    @Override
    public boolean visit(ByteBuf rawKey, ByteBuf rawValue, int valueLength) {
      assertThat(rawValue.readableBytes()).isEqualTo(8);
      sound++;
      return true;
    }

    @Override
    public void damaged() {
      damaged++;
    }
  }

  private static StoreException failureOf(Runnable read) {
    try {
      read.run();
    } catch (StoreException e) {
      return e;
    }
    throw new AssertionError("the damage was not noticed");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && bytes[i + j] == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    throw new AssertionError("not in the file");
  }
}
