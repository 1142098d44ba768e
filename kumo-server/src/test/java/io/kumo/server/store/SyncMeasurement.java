package io.kumo.server.store;

import io.kumo.server.store.engine.MapDbStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** 64 writers that each wait for their write to be durable, beside what the disk can do alone. */
final class SyncMeasurement {
  private static final int WRITERS = 64;
  private static final long DURATION_NS = 5_000_000_000L;

  private SyncMeasurement() {}

  static void run(Path directory) throws Exception {
    for (int round = 0; round < 2; round++) {
      System.out.printf("  the disk alone: %.0f fdatasync/s%n", diskRate(directory));
      for (FsyncPolicy policy : new FsyncPolicy[] {FsyncPolicy.EVERYSEC, FsyncPolicy.ALWAYS}) {
        writers(directory.resolve(policy + "-" + round), policy);
      }
    }
  }

  /** Of 4 KiB each, in a file that has its blocks. */
  private static double diskRate(Path directory) throws IOException {
    Path file = directory.resolve("disk");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 24), 0);
      channel.force(true);
      long start = System.nanoTime();
      int syncs = 0;
      for (; System.nanoTime() - start < DURATION_NS / 2; syncs++) {
        channel.write(ByteBuffer.allocate(4096), syncs % 4096 * 4096L);
        channel.force(false);
      }
      return syncs * 1e9 / (System.nanoTime() - start);
    }
  }

  private static void writers(Path directory, FsyncPolicy policy) throws Exception {
    try (MapDbStore store =
        MapDbStore.open(directory, "m", StoreOptions.defaults().withFsync(policy))) {
      AtomicLong writes = new AtomicLong();
      long syncsBefore = store.statistics().syncCount();
      long start = System.nanoTime();
      Thread[] writers = new Thread[WRITERS];
      for (int i = 0; i < WRITERS; i++) {
        MeasuredKeys keys = new MeasuredKeys(100_000, 74, i);
        writers[i] = new Thread(() -> writes.addAndGet(write(store, keys, start + DURATION_NS)));
        writers[i].start();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long syncs = store.statistics().syncCount() - syncsBefore;
      System.out.printf(
          "  %-8s %d writers: %.0f writes/s, %.0f syncs/s, %.1f writes a sync%n",
          policy, WRITERS, writes.get() / seconds, syncs / seconds, writes.get() / (double) syncs);
    }
  }

  private static long write(MapDbStore store, MeasuredKeys keys, long untilNs) {
    long writes = 0;
    while (System.nanoTime() - untilNs < 0) {
      CountDownLatch durable = new CountDownLatch(1);
      WriteResult result = Patient.update(store, keys.anyKey(), keys.value());
      store.whenDurable(result.position(), Runnable::run, failure -> durable.countDown());
      try {
        durable.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      writes++;
    }
    return writes;
  }
}
