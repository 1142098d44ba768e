package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.server.store.disk.SimulatedDisk;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A disk with ever less room: what was acknowledged stays, and the store recovers by itself. */
class DiskFullTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int RUNS = 15;

  private static StoreOptions options(long minFreeBytes) {
    return new StoreOptions(
        FsyncPolicy.EVERYSEC, 1, 1 << 20, 1 << 18, minFreeBytes, 1 << 16, 1 << 20);
  }

  private static ByteBuf value(int key, long clockTime) {
    byte[] payload = new byte[2000];
    new Random(key * 31L + clockTime).nextBytes(payload);
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeBytes(payload);
  }

  @Test
  void writesAreRefusedBelowMinFreeWhileReadsAndDeletesGoOn() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    try (MapDbStore store = MapDbStore.open(disk, "f", options(1 << 20))) {
      Patient.update(store, CrashChild.key(1), value(1, 1));
      disk.setRoomBytes(1000);
      await().until(() -> refuses(store, 2));
      assertThat(store.clockTime(CrashChild.key(1))).isEqualTo(1);
      assertThat(Patient.update(store, CrashChild.key(1), Unpooled.buffer().writeLong(9)).stored())
          .isTrue();
      disk.setRoomBytes(Long.MAX_VALUE);
      await().until(() -> !refuses(store, 3));
    }
  }

  private static boolean refuses(MapDbStore store, long clockTime) {
    try {
      Patient.update(store, CrashChild.key(2), value(2, clockTime));
      return false;
    } catch (StoreException e) {
      assertThat(e.code()).isEqualTo(StoreException.Code.DISK_FULL);
      assertThat(e.getMessage()).contains("--min-free");
      return true;
    }
  }

  @Test
  void aWriteThatFindsNoRoomFailsWholeAndNothingElseIsLost() throws Exception {
    Random random = new Random(2);
    for (int run = 0; run < RUNS * SCALE; run++) {
      SimulatedDisk disk = new SimulatedDisk(random);
      Map<Integer, Long> expected = new HashMap<>();
      try (MapDbStore store = MapDbStore.open(disk, "f", options(0))) {
        disk.setRoomBytes(random.nextInt(1 << 20));
        write(store, expected, random, 1);
        assertHolds(store, expected);
        disk.setRoomBytes(Long.MAX_VALUE);
        await().until(() -> writes(store, expected));
      }
      try (MapDbStore store = MapDbStore.open(disk, "f", options(0))) {
        assertThat(store.recoveryReport().isDamaged()).isFalse();
        assertHolds(store, expected);
      }
    }
  }

  private static void write(
      MapDbStore store, Map<Integer, Long> expected, Random random, long firstClockTime) {
    for (long clockTime = firstClockTime; clockTime < 800; clockTime++) {
      int key = random.nextInt(300);
      try {
        Patient.update(store, CrashChild.key(key), value(key, clockTime));
        expected.put(key, clockTime);
      } catch (StoreException e) {
        assertThat(e.code()).isEqualTo(StoreException.Code.DISK_FULL);
        return;
      }
    }
  }

  private static boolean writes(MapDbStore store, Map<Integer, Long> expected) {
    try {
      Patient.update(store, CrashChild.key(1), value(1, 10_000));
      expected.put(1, 10_000L);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private static void assertHolds(MapDbStore store, Map<Integer, Long> expected) {
    expected.forEach(
        (key, clockTime) -> {
          ByteBuf found = store.get(CrashChild.key(key));
          assertThat(found).isEqualTo(value(key, clockTime));
          if (found != null) {
            found.release();
          }
        });
  }
}
