package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.engine.MapDbStore;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final int WRITERS = 64;
  private static final int WRITES = 40;

  @Test
  void manyWritersShareASync(@TempDir Path directory) throws Exception {
    StoreOptions options = StoreOptions.small().withFsync(FsyncPolicy.ALWAYS);
    try (MapDbStore store = MapDbStore.open(directory, "g", options)) {
      AtomicInteger clock = new AtomicInteger();
      CountDownLatch done = new CountDownLatch(WRITERS * WRITES);
      Thread[] writers = new Thread[WRITERS];
      for (int i = 0; i < WRITERS; i++) {
        int key = i;
        writers[i] =
            new Thread(
                () -> {
                  for (int n = 0; n < WRITES; n++) {
                    write(store, key, clock.incrementAndGet(), done);
                  }
                });
        writers[i].start();
      }
      done.await();
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(store.durablePosition()).isGreaterThan(0);
      long syncs = store.statistics().syncCount();
      assertThat(WRITERS * WRITES / syncs).as("%d syncs", syncs).isGreaterThanOrEqualTo(5);
    }
  }

  private static void write(MapDbStore store, int key, int clockTime, CountDownLatch done) {
    CountDownLatch durable = new CountDownLatch(1);
    WriteResult result =
        Patient.update(store, CrashChild.key(key), StoreContract.value(clockTime, "x".repeat(90)));
    store.whenDurable(
        result.position(),
        Runnable::run,
        failure -> {
          assertThat(failure).isNull();
          assertThat(store.durablePosition()).isGreaterThanOrEqualTo(result.position());
          durable.countDown();
        });
    try {
      durable.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    done.countDown();
  }
}
