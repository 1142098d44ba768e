package io.kumo.server.store;

import io.kumo.server.store.engine.HostileMeasurement;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * Measures the store, and beside it a plain MapDB HTreeMap (memory-mapped, no log) in the same run.
 *
 * <p>{@code speed RECORDS BYTES OPERATIONS}: insert, get, set, delete and scan with one thread and
 * two, and how long a start takes after a clean stop and after a kill. {@code map RECORDS BYTES
 * OPERATIONS}: the HTreeMap. {@code sync}, {@code space}, {@code hostile}: see the classes of those
 * names. {@code fill DIRECTORY RECORDS BYTES} writes and halts. {@code large DIRECTORY RECORDS
 * BYTES SETS [PER_SECOND [BATCH]]}: see {@link LargeMeasurement}.
 */
public final class StoreMeasurement {
  private static final String NODE = "m";

  private final int records;
  private final int dataBytes;
  private final int operations;

  private StoreMeasurement(int records, int dataBytes, int operations) {
    this.records = records;
    this.dataBytes = dataBytes;
    this.operations = operations;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("fill")) {
      new StoreMeasurement(number(arguments, 2), number(arguments, 3), 0)
          .fillAndHalt(Path.of(arguments[1]));
    }
    if (arguments[0].equals("large")) {
      LargeMeasurement.run(
          Path.of(arguments[1]),
          number(arguments, 2),
          number(arguments, 3),
          number(arguments, 4),
          arguments.length > 5 ? number(arguments, 5) : 0,
          arguments.length > 6 ? number(arguments, 6) : 1);
      return;
    }
    Path directory = Files.createTempDirectory("kumo-measure");
    try {
      switch (arguments[0]) {
        case "speed" -> of(arguments).speed(directory);
        case "map" -> of(arguments).plainMapDb(directory.resolve("mapdb"));
        case "sync" -> SyncMeasurement.run(directory);
        case "space" -> SpaceMeasurement.run(directory.resolve("store"), number(arguments, 1));
        case "hostile" -> HostileMeasurement.run(directory.resolve("store"));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    } finally {
      delete(directory);
    }
  }

  private static StoreMeasurement of(String[] arguments) {
    return new StoreMeasurement(number(arguments, 1), number(arguments, 2), number(arguments, 3));
  }

  private static int number(String[] arguments, int at) {
    return Integer.parseInt(arguments[at]);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  public static MapDbStore open(Path directory) {
    return MapDbStore.open(directory, NODE, StoreOptions.defaults());
  }

  private void measure(String what, int threads, int times, Stopwatch.Step step) {
    Stopwatch.measure(what, threads, times / threads, records, dataBytes, step);
  }

  private void speed(Path directory) throws Exception {
    System.out.printf("store: %d records, %d bytes of data%n", records, dataBytes);
    MapDbStore store = open(directory.resolve("store"));
    measure("insert", 1, records, (keys, i) -> Patient.update(store, keys.key(i), keys.value()));
    for (int threads : new int[] {1, 1, 2}) {
      measure("get", threads, operations, (keys, i) -> get(store, keys));
      measure(
          "set",
          threads,
          operations,
          (keys, i) -> Patient.update(store, keys.anyKey(), keys.value()));
    }
    for (int round = 0; round < 3; round++) {
      scan(store);
    }
    int deletes = Math.min(operations, records) / 4;
    measure("delete", 1, deletes, (k, i) -> Patient.update(store, k.key(i * 3L), k.tombstone()));
    System.out.println("  " + store.statistics());
    System.out.printf("  heap in use %d MB%n", usedHeapBytes() >> 20);
    store.close();
    MapDbStore again = open(directory.resolve("store"));
    System.out.println("  after a clean stop: " + again.recoveryReport());
    again.close();
    afterKill(directory.resolve("killed"));
  }

  private static void get(MapDbStore store, MeasuredKeys keys) {
    ByteBuf value = store.get(keys.anyKey());
    if (value == null) {
      throw new IllegalStateException("a record is missing");
    }
    value.release();
  }

  private void scan(MapDbStore store) {
    long[] shown = {0};
    Stopwatch watch =
        Stopwatch.measure(
            "scan",
            1,
            1,
            records,
            dataBytes,
            (keys, i) -> {
              Cursor cursor = Cursor.all();
              while (!cursor.isDone()) {
                cursor =
                    store.scan(
                        cursor, ScanLimits.records(4096, 1 << 20), (k, v, l) -> ++shown[0] > 0);
              }
            });
    System.out.printf(
        "    %.2f million records a second of processor time%n", shown[0] / watch.cpuUs());
  }

  /** Another process fills a store and dies with the last writes only in the log. */
  private void afterKill(Path directory) throws Exception {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    StoreMeasurement.class.getName(),
                    "fill",
                    directory.toString(),
                    Integer.toString(records),
                    Integer.toString(dataBytes)))
            .inheritIO()
            .start();
    child.waitFor();
    long cpu = cpuNs();
    MapDbStore store = open(directory);
    System.out.printf(
        "  after a kill: %s, %d ms of processor time%n",
        store.recoveryReport(), TimeUnit.NANOSECONDS.toMillis(cpuNs() - cpu));
    store.close();
  }

  private static long cpuNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void fillAndHalt(Path directory) {
    MapDbStore store = open(directory);
    MeasuredKeys keys = new MeasuredKeys(records, dataBytes, 1);
    for (int i = 0; i < records; i++) {
      Patient.update(store, keys.key(i), keys.value());
    }
    for (int i = 0; i < records / 10; i++) {
      Patient.update(store, keys.anyKey(), keys.value());
    }
    Runtime.getRuntime().halt(137);
  }

  private static long usedHeapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void plainMapDb(Path file) {
    System.out.printf(
        "plain MapDB HTreeMap, memory-mapped, no log: %d records, %d bytes of data%n",
        records, dataBytes);
    try (DB db = DBMaker.fileDB(file.toFile()).fileMmapEnable().make()) {
      HTreeMap<byte[], byte[]> map =
          db.hashMap("m", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).create();
      byte[] bytes = new byte[18 + dataBytes];
      measure("insert", 1, records, (k, i) -> map.put(MeasuredKeys.bytes(k.key(i)), bytes));
      for (int threads : new int[] {1, 1, 2}) {
        measure("get", threads, operations, (k, i) -> map.get(MeasuredKeys.bytes(k.anyKey())));
        measure(
            "set", threads, operations, (k, i) -> map.put(MeasuredKeys.bytes(k.anyKey()), bytes));
      }
      int deletes = Math.min(operations, records) / 4;
      measure("delete", 1, deletes, (k, i) -> map.remove(MeasuredKeys.bytes(k.key(i * 3L))));
    }
  }
}
