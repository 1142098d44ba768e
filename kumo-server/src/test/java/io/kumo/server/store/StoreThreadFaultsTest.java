package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kumo.core.guard.Guard;
import io.kumo.server.store.disk.FaultyDisk;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Throws in each thread of a store, in the middle of its work. Each time there is one line in the
 * log, one more bug, and the thread goes on: the store takes writes, makes checkpoints, and has all
 * its records when it is opened anew.
 */
class StoreThreadFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final StoreOptions OPTIONS =
      new StoreOptions(FsyncPolicy.EVERYSEC, 1, 1 << 20, 1 << 18, 0, 1 << 16, 1 << 20);
  private static final int KEYS = 500;

  @TempDir Path directory;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final long bugsBefore = Guard.ofProcess().bugs();
  private long clockTime;

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  @ParameterizedTest
  @CsvSource({
    "kumo-checkpoint, checkpoint",
    "kumo-store-room, growth of data files",
    "kumo-log-supply, making a segment",
  })
  void aThreadThatThrowsIsToldAndGoesOn(String thread, String kind) throws Exception {
    FaultyDisk disk = new FaultyDisk(new RealDisk(directory));
    try (MapDbStore store = MapDbStore.open(disk, "f", OPTIONS)) {
      writeAll(store);
      disk.plant(thread);
      for (int keys = KEYS; !disk.hasThrown(); keys += KEYS) {
        write(store, keys, keys + KEYS);
      }
      await().atMost(PATIENCE).until(() -> Guard.ofProcess().bugs() > bugsBefore);
      long checkpoints = store.statistics().checkpointCount();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                writeAll(store);
                return store.statistics().checkpointCount() > checkpoints + 1;
              });
      assertHolds(store);
    }
    assertThat(Guard.ofProcess().bugs() - bugsBefore).isEqualTo(1);
    assertThat(List.copyOf(logged.list))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getFormattedMessage()).startsWith("a bug in " + kind + " of ");
              assertThat(line.getThrowableProxy().getMessage()).isEqualTo("planted by a test");
            });
    try (MapDbStore store = MapDbStore.open(new RealDisk(directory), "f", OPTIONS)) {
      assertThat(store.recoveryReport().isDamaged()).isFalse();
      assertHolds(store);
    }
  }

  private void writeAll(MapDbStore store) {
    clockTime++;
    write(store, 0, KEYS);
  }

  private void write(MapDbStore store, int from, int to) {
    for (int key = from; key < to; key++) {
      if (!takes(store, key)) {
        int refused = key;
        await().atMost(PATIENCE).until(() -> takes(store, refused));
      }
    }
  }

  /** Between a checkpoint that failed and the next one a write may be refused. */
  private boolean takes(MapDbStore store, int key) {
    try {
      Patient.update(store, CrashChild.key(key), value(key, clockTime));
      return true;
    } catch (StoreException e) {
      assertThat(e.code()).isEqualTo(StoreException.Code.DISK_FULL);
      return false;
    }
  }

  private void assertHolds(MapDbStore store) {
    for (int key = 0; key < KEYS; key++) {
      ByteBuf found = store.get(CrashChild.key(key));
      assertThat(found).isEqualTo(value(key, clockTime));
      if (found != null) {
        found.release();
      }
    }
  }

  private static ByteBuf value(int key, long clockTime) {
    byte[] payload = new byte[2000];
    new Random(key * 31L + clockTime).nextBytes(payload);
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeBytes(payload);
  }
}
