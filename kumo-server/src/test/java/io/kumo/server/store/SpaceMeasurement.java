package io.kumo.server.store;

import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What the files take up over ten overwrites of varying size, a delete of 90 % and a compact. */
final class SpaceMeasurement {
  private static final int MAX_DATA_BYTES = 400;
  private static final int OVERWRITES = 10;

  private SpaceMeasurement() {}

  static void run(Path directory, int records) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuf value = Unpooled.directBuffer().writeZero(18 + MAX_DATA_BYTES);
    MeasuredKeys keys = new MeasuredKeys(records, 0, 1);
    long clockTime = 1L << 32;
    try (MapDbStore store = StoreMeasurement.open(directory)) {
      System.out.println(
          "| step | live | tombstones | live MB | files MB | free MB | log MB | disk MB |");
      System.out.println("|---|---|---|---|---|---|---|---|");
      for (int round = 0; round <= OVERWRITES; round++) {
        for (int i = 0; i < records; i++) {
          value.setLong(0, ++clockTime);
          Patient.update(store, keys.key(i), value.slice(0, 18 + random.nextInt(MAX_DATA_BYTES)));
        }
        print(round == 0 ? "inserted" : "overwrite " + round, store, directory);
      }
      for (int i = 0; i < records; i++) {
        if (i % 10 != 0) {
          value.setLong(0, ++clockTime);
          Patient.update(store, keys.key(i), value.slice(0, Store.TOMBSTONE_BYTES));
        }
      }
      print("90 % deleted", store, directory);
      long mark = clockTime;
      Sweeper sweeper = new Sweeper(store, () -> mark, 10_000);
      while (sweeper.rounds() == 0) {
        sweeper.step();
      }
      print("tombstones swept", store, directory);
      store.compact();
      print("compact", store, directory);
    }
  }

  private static void print(String step, MapDbStore store, Path directory) throws IOException {
    store.checkpointAll();
    StoreStatistics s = store.statistics();
    long disk;
    try (Stream<Path> files = Files.list(directory)) {
      disk = files.mapToLong(SpaceMeasurement::blocks).sum();
    }
    System.out.printf(
        "| %s | %d | %d | %d | %d | %d | %d | %d |%n",
        step,
        s.liveCount(),
        s.tombstoneCount(),
        s.liveBytes() >> 20,
        s.fileBytes() >> 20,
        s.freeBytes() >> 20,
        s.logBytes() >> 20,
        disk >> 20);
  }

  /** What a file really takes up; the data files grow in steps of 16 MiB, as holes. */
  private static long blocks(Path file) {
    try {
      return ((Number) Files.getAttribute(file, "unix:size")).longValue();
    } catch (IOException e) {
      return 0; // A spare segment that is gone by now.
    }
  }
}
