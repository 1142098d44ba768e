package io.kumo.server.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * Measures the processor time of each operation of the store beside a plain MapDB HTreeMap
 * (memory-mapped, no log) in one run: the thread's own time, as wall time on a shared machine says
 * little. Run by {@code scripts/bench store}; arguments: records, bytes of value, operations.
 */
final class StoreMeasurement {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int records;
  private final int operations;
  private final ByteBuf key = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(8 + 16);
  private final ByteBuf value;
  private final SplittableRandom random = new SplittableRandom(1);
  private long clockTime = 1L << 32;

  private StoreMeasurement(int records, int valueBytes, int operations) {
    this.records = records;
    this.operations = operations;
    value = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(18 + valueBytes);
  }

  public static void main(String[] arguments) throws Exception {
    int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int valueBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 116 - 42;
    int operations = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
    StoreMeasurement measurement = new StoreMeasurement(records, valueBytes, operations);
    System.out.printf("%d records, values of %d bytes%n", records, valueBytes);
    Path directory = Files.createTempDirectory("kumo-measure");
    try {
      measurement.store(directory.resolve("store"));
      if (arguments.length < 4) {
        measurement.plainMapDb(directory.resolve("mapdb"), valueBytes);
      }
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private ByteBuf key(long number) {
    return key.setLong(0, number * SPREAD).setLong(8, number).setLong(16, number);
  }

  private ByteBuf value() {
    return value.setLong(0, ++clockTime);
  }

  private interface Step {
    void run(int i) throws IOException;
  }

  private static void measure(String what, int times, Step step) throws IOException {
    long worstNs = 0;
    long cpu = THREADS.getCurrentThreadCpuTime();
    long wall = System.nanoTime();
    for (int i = 0; i < times; i++) {
      if ((i & 15) == 0) {
        long before = System.nanoTime();
        step.run(i);
        worstNs = Math.max(worstNs, System.nanoTime() - before);
      } else {
        step.run(i);
      }
    }
    double wallNs = (System.nanoTime() - wall) / (double) times;
    double cpuNs = (THREADS.getCurrentThreadCpuTime() - cpu) / (double) times;
    System.out.printf(
        "  %-22s %7.2f us CPU %7.2f us wall, longest seen %.1f ms%n",
        what, cpuNs / 1000, wallNs / 1000, worstNs / 1e6);
  }

  private void store(Path directory) throws IOException {
    System.out.println("kumo store");
    MapDbStore store = MapDbStore.open(directory, "m", StoreOptions.defaults());
    measure("insert", records, i -> store.update(key(i), value()));
    for (int round = 0; round < 2; round++) {
      measure("get", operations, i -> store.get(key(random.nextInt(records))).release());
      measure("set", operations, i -> store.update(key(random.nextInt(records)), value()));
    }
    scan(store);
    int deletes = Math.min(operations, records) / 4;
    measure("delete", deletes, i -> store.update(key(i * 3L), value().slice(0, 8)));
    System.out.println("  " + store.statistics());
    System.out.printf("  heap %d MB%n", usedHeapBytes() >> 20);
    store.close();
    MapDbStore again = MapDbStore.open(directory, "m", StoreOptions.defaults());
    System.out.println("  after a clean stop: " + again.recoveryReport());
    again.close();
  }

  private void scan(MapDbStore store) throws IOException {
    measure(
        "scan, a record",
        1,
        i -> {
          Cursor cursor = Cursor.all();
          while (!cursor.isDone()) {
            cursor = store.scan(cursor, ScanLimits.records(4096, 1 << 20), (k, v, l) -> true);
          }
        });
    System.out.printf("  (the figure above is for %d records)%n", records);
  }

  private static long usedHeapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void plainMapDb(Path file, int valueBytes) throws IOException {
    System.out.println("plain MapDB HTreeMap, memory-mapped, no log");
    try (DB db = DBMaker.fileDB(file.toFile()).fileMmapEnable().make()) {
      HTreeMap<byte[], byte[]> map =
          db.hashMap("m", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).create();
      byte[] bytes = new byte[18 + valueBytes];
      measure("insert", records, i -> map.put(RawRecords.bytes(key(i)), bytes));
      for (int round = 0; round < 2; round++) {
        measure("get", operations, i -> map.get(RawRecords.bytes(key(random.nextInt(records)))));
        measure(
            "set", operations, i -> map.put(RawRecords.bytes(key(random.nextInt(records))), bytes));
      }
      measure(
          "delete",
          Math.min(operations, records) / 4,
          i -> map.remove(RawRecords.bytes(key(i * 3L))));
    }
  }
}
