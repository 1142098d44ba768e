package io.kumo.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.server.store.Patient;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupPlaceTest {
  private static final String NODE = "127.0.0.1:19800";

  @TempDir Path folder;

  private Store open(String name) {
    return MapDbStore.open(folder.resolve(name), NODE, StoreOptions.small());
  }

  private static ByteBuf key(long number) {
    return Unpooled.copyLong(number * 0x9E3779B97F4A7C15L);
  }

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeZero(100);
  }

  @Test
  void aBackupUnderLoadHoldsWhatWasAcknowledgedBeforeItBegan() throws InterruptedException {
    AtomicLong acknowledged = new AtomicLong();
    long before;
    try (Store store = open("store")) {
      Thread writer =
          new Thread(
              () -> {
                for (long i = 1; i < 1_000_000 && !Thread.currentThread().isInterrupted(); i++) {
                  Patient.update(store, key(i % 5000), value(i));
                  acknowledged.set(i);
                }
              });
      writer.start();
      while (acknowledged.get() < 20_000) {
        Thread.onSpinWait();
      }
      before = acknowledged.get();
      String at = BackupPlace.of(folder.resolve("store"), "monday").fill(store);
      writer.interrupt();
      writer.join();
      assertThat(at).isEqualTo(folder.resolve("store-monday").toString());
    }
    try (Store backup = open("store-monday")) {
      for (long i = before - 4999; i <= before; i++) {
        assertThat(backup.clockTime(key(i % 5000))).isGreaterThanOrEqualTo(i);
      }
    }
    assertThat(folder.resolve("store-monday.tmp")).doesNotExist();
  }

  @Test
  void aBackupOverwritesNoneButReplacesWhatAStopLeftOfOne() throws IOException {
    Path unfinished = Files.createDirectory(folder.resolve("store-x.tmp"));
    Files.writeString(unfinished.resolve("records.0"), "half");
    try (Store store = open("store")) {
      Patient.update(store, key(1), value(1));
      BackupPlace.of(folder.resolve("store"), "x").fill(store);
      assertThatThrownBy(() -> BackupPlace.of(folder.resolve("store"), "x").fill(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("exists");
    }
    try (Store backup = open("store-x")) {
      assertThat(backup.clockTime(key(1))).isEqualTo(1);
    }
  }

  @Test
  void nothingIsDeletedOrWrittenThroughALink() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path precious = Files.writeString(elsewhere.resolve("records.0"), "precious");
    try (Store store = open("store")) {
      for (String name : List.of("store-x.tmp", "store-x")) {
        Path link = Files.createSymbolicLink(folder.resolve(name), elsewhere);
        assertThatThrownBy(() -> BackupPlace.of(folder.resolve("store"), "x").fill(store))
            .isInstanceOf(StoreException.class);
        assertThat(link).isSymbolicLink();
        Files.delete(link);
      }
      Files.createDirectory(folder.resolve("store-x.tmp"));
      Files.createSymbolicLink(folder.resolve("store-x.tmp").resolve("records.0"), precious);
      BackupPlace.of(folder.resolve("store"), "x").fill(store);
    }
    assertThat(precious).hasContent("precious");
    assertThat(elsewhere).isDirectoryContaining(file -> file.equals(precious));
  }
}
