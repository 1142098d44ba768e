package io.kumo.server.store;

import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills a small disk with a store and a ballast, again and again; what was acknowledged must stay,
 * reads and deletes go on, and writes must succeed again once the ballast is gone.
 *
 * <p>Arguments: mounted directory, runs, {@code --min-free} in bytes.
 */
final class FullDiskChild {
  private static final int KEYS = 300;
  private static final int MAX_WRITES = 20_000;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

  private final Path mount;
  private final StoreOptions options;
  private final Random random;
  private final Map<Integer, Long> expected = new HashMap<>();
  private long clockTime;
  private int refused;

  private FullDiskChild(Path mount, long minFreeBytes, long seed) {
    this.mount = mount;
    this.random = new Random(seed);
    options =
        new StoreOptions(FsyncPolicy.EVERYSEC, 1, 1 << 20, 1 << 20, minFreeBytes, 1 << 17, 1 << 20);
  }

  public static void main(String[] arguments) throws Exception {
    int runs = Integer.parseInt(arguments[1]);
    int refused = 0;
    for (int run = 0; run < runs; run++) {
      FullDiskChild child =
          new FullDiskChild(Path.of(arguments[0]), Long.parseLong(arguments[2]), run);
      child.run();
      refused += child.refused;
    }
    System.out.printf("%d full disks, %d writes refused, nothing lost%n", runs, refused);
  }

  private void run() throws IOException {
    Path directory = mount.resolve("store");
    Path ballast = mount.resolve("ballast");
    try (MapDbStore store = MapDbStore.open(directory, "f", options)) {
      for (int i = 0; i < 200; i++) {
        write(store);
      }
      fill(ballast);
      for (int i = 0; i < MAX_WRITES && refused < 20; i++) {
        write(store);
      }
      check(refused > 0, "the disk was never full");
      checkHolds(store);
      Files.delete(ballast);
      long deadline = System.nanoTime() + PATIENCE_NS;
      while (!write(store)) {
        check(System.nanoTime() - deadline < 0, "writes are refused although there is room");
        LockSupport.parkNanos(1_000_000);
      }
    }
    try (MapDbStore store = MapDbStore.open(directory, "f", options)) {
      check(!store.recoveryReport().isDamaged(), "damaged: " + store.recoveryReport());
      checkHolds(store);
      store.verify();
    }
    StoreMeasurement.delete(directory);
  }

  /** Leaves a random little room. */
  private void fill(Path ballast) throws IOException {
    long left = random.nextInt(3) == 0 ? random.nextInt(1 << 22) : random.nextInt(1 << 16);
    try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
      byte[] block = new byte[4096];
      while (Files.getFileStore(mount).getUsableSpace() > left) {
        file.write(block);
      }
    } catch (IOException e) {
      check(String.valueOf(e.getMessage()).contains("No space"), e.toString());
    }
  }

  private boolean write(MapDbStore store) {
    int key = random.nextInt(KEYS);
    long now = ++clockTime;
    ByteBuf value = CrashChild.value(key, now);
    try {
      Patient.update(store, CrashChild.key(key), value);
      expected.put(key, now);
      return true;
    } catch (StoreException e) {
      check(e.code() == StoreException.Code.DISK_FULL, e.toString());
      refused++;
      return false;
    }
  }

  private void checkHolds(MapDbStore store) {
    expected.forEach(
        (key, written) -> {
          ByteBuf found = store.get(CrashChild.key(key));
          check(
              found != null && found.equals(CrashChild.value(key, written)),
              "key " + key + " is not that of " + written);
          if (found != null) {
            found.release();
          }
        });
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
