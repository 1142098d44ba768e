package io.kumo.server.store;

import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What overwriting random records of a store costs that has many of them: the processor time of
 * each thread of the process, of the program and of the kernel, and the page faults, for each set.
 * The store stays in its directory, so that it is filled once.
 */
final class LargeMeasurement {
  private static final int CLOCK_TICKS = 100;
  private static final int ROUNDS = 3;

  /** What one thread has used so far. */
  private record Use(String thread, long userTicks, long systemTicks, long minor, long major) {}

  private LargeMeasurement() {}

  /**
   * Fills the directory when it is empty; then sets random records, three times so many.
   *
   * @param perSecond at most so many sets a second, as bursts of a millisecond; 0 for no bound
   * @param batch how many keys are read ahead together before they are set
   */
  static void run(Path directory, int records, int dataBytes, int sets, int perSecond, int batch)
      throws IOException {
    try (MapDbStore store = StoreMeasurement.open(directory)) {
      if (store.liveCount() < records) {
        MeasuredKeys keys = new MeasuredKeys(records, dataBytes, 1);
        for (int i = 0; i < records; i++) {
          Patient.update(store, keys.key(i), keys.value());
        }
      }
      MeasuredKeys.startAfter(store.largestClockTime());
      System.out.printf("%,d records of %d bytes, load %s%n", records, dataBytes, load());
      for (int round = 0; round < ROUNDS; round++) {
        long[] refused = {0};
        Map<String, Use> start = uses();
        long startNs = System.nanoTime();
        int[] numbers = new int[batch];
        ReadAhead ahead = store.readAhead();
        Stopwatch.measure(
            "set",
            1,
            sets,
            records,
            dataBytes,
            (keys, i) -> {
              awaitTurn(startNs, i, perSecond);
              if (i % batch == 0) {
                draw(numbers, keys, records, ahead);
              }
              refused[0] += set(store, keys.key(numbers[i % batch]), keys);
            });
        print(start, uses(), sets);
        System.out.printf("    refused as busy: %d; %s%n", refused[0], store.statistics());
      }
    }
  }

  /** Chooses the next records; of one alone nothing is read ahead. */
  private static void draw(int[] numbers, MeasuredKeys keys, int records, ReadAhead ahead) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = keys.random(records);
      if (numbers.length > 1) {
        ahead.add(keys.key(numbers[i]));
      }
    }
    ahead.fetch();
  }

  private static void awaitTurn(long startNs, int set, int perSecond) {
    int burst = perSecond / 1000;
    if (burst > 0 && set % burst == 0) {
      long dueNs = startNs + TimeUnit.MILLISECONDS.toNanos(set / burst);
      for (long left = 1; left > 0; left = dueNs - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** Returns how often the store was busy. */
  private static int set(MapDbStore store, ByteBuf key, MeasuredKeys keys) {
    for (int refused = 0; ; refused++) {
      try {
        store.update(key, keys.value(), 0, 0);
        return refused;
      } catch (StoreException e) {
        if (e.code() != StoreException.Code.BUSY) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static Map<String, Use> uses() throws IOException {
    Map<String, Use> uses = new HashMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        try {
          uses.put(task.getFileName().toString(), use(Files.readString(task.resolve("stat"))));
        } catch (NoSuchFileException e) {
          // The thread has ended; the whole process keeps what it has used.
          uses.remove(task.getFileName().toString());
        }
      }
    }
    uses.put("process", use(Files.readString(Path.of("/proc/self/stat"))));
    return uses;
  }

  private static Use use(String stat) {
    int name = stat.lastIndexOf(')');
    List<String> fields = List.of(stat.substring(name + 2).split(" "));
    return new Use(
        stat.substring(stat.indexOf('(') + 1, name),
        Long.parseLong(fields.get(11)),
        Long.parseLong(fields.get(12)),
        Long.parseLong(fields.get(7)),
        Long.parseLong(fields.get(9)));
  }

  private static void print(Map<String, Use> before, Map<String, Use> after, int sets) {
    Map<String, double[]> sums = new TreeMap<>();
    after.forEach(
        (id, use) -> {
          Use former = before.getOrDefault(id, new Use("", 0, 0, 0, 0));
          String name = id.equals("process") ? "(whole process)" : use.thread();
          double[] sum = sums.computeIfAbsent(name, n -> new double[4]);
          sum[0] += use.userTicks() - former.userTicks();
          sum[1] += use.systemTicks() - former.systemTicks();
          sum[2] += use.minor() - former.minor();
          sum[3] += use.major() - former.major();
        });
    sums.forEach(
        (name, sum) -> {
          if (sum[0] + sum[1] > 0) {
            System.out.printf(
                Locale.ROOT,
                "    %-18s us a set: %.2f user + %.2f system; faults a set: %.3f minor, %.4f"
                    + " major%n",
                name,
                sum[0] * 1e6 / CLOCK_TICKS / sets,
                sum[1] * 1e6 / CLOCK_TICKS / sets,
                sum[2] / sets,
                sum[3] / sets);
          }
        });
  }
}
