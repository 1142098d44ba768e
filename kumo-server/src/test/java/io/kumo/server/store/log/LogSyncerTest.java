package io.kumo.server.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.guard.Guard;
import io.kumo.server.store.CrashChild;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreContract;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSyncerTest {
  private static final int ROUNDS = 50;

  /** On the thread that syncs: it must outlive what a listener, or its executor, throws. */
  @Test
  void whatAListenerThrowsLeavesTheOthersTheirWord(@TempDir Path directory) throws Exception {
    long before = Guard.ofProcess().bugs();
    AtomicInteger thrown = new AtomicInteger();
    StoreOptions options = StoreOptions.small().withFsync(FsyncPolicy.ALWAYS);
    try (MapDbStore store = MapDbStore.open(directory, "g", options)) {
      for (int i = 1; i <= ROUNDS; i++) {
        CountDownLatch told = new CountDownLatch(1);
        store.update(CrashChild.key(i), StoreContract.value(i, "x"));
        long later = store.update(CrashChild.key(i), StoreContract.value(i, "y")).position();
        Guard.ofProcess()
            .run(
                "test",
                "a listener that is told at once",
                () -> store.whenDurable(later, Runnable::run, failure -> fail(thrown)));
        store.whenDurable(later, Runnable::run, failure -> told.countDown());
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(thrown.get()).isEqualTo(ROUNDS);
    assertThat(Guard.ofProcess().bugs() - before).isEqualTo(ROUNDS);
  }

  private static void fail(AtomicInteger thrown) {
    thrown.incrementAndGet();
    throw new IllegalStateException("planted by a test");
  }
}
