package io.kumo.server.rejoin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.ManualTime;
import io.kumo.server.store.Patient;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldRecordCopiesTest {
  private static final String NODE = "127.0.0.1:19800";

  /** 2026-11-21 04:00:00 UTC. */
  private static final long START_MS = 1_795_233_600_000L;

  @TempDir Path folder;
  private final ManualTime time = new ManualTime();
  private int released;

  OldRecordCopiesTest() {
    time.setUnixMillis(START_MS);
  }

  private Store open(String name, StoreOptions options) {
    return MapDbStore.open(folder.resolve(name), NODE, options);
  }

  private static ByteBuf key(long number) {
    return Unpooled.copyLong(number * 0x9E3779B97F4A7C15L);
  }

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeZero(100);
  }

  private OldRecords copiesOf(Store store) {
    return new OldRecordCopies(store, folder.resolve("store"), time, Runnable::run);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatIsRemovedAfterwardsIsStillInTheCopyThatIsNamedByTheTime() throws IOException {
    try (Store store = open("store", StoreOptions.small())) {
      for (int i = 1; i <= 500; i++) {
        Patient.update(store, key(i), value(i));
      }
      copiesOf(store).keep(() -> released++);
      for (int i = 1; i <= 500; i++) {
        Patient.removeIf(store, key(i), i);
      }
      assertThat(store.liveCount()).isZero();
    }
    assertThat(released).isOne();
    assertThat(names()).containsExactly("store", "store-before-return-20261121-040000");
    try (Store copy = open("store-before-return-20261121-040000", StoreOptions.small())) {
      assertThat(copy.liveCount()).isEqualTo(500);
      assertThat(copy.clockTime(key(77))).isEqualTo(77);
    }
  }

  @Test
  void onlyTheLatestCopiesAreKeptAndNothingElseIsTouched() throws IOException {
    Files.createDirectory(folder.resolve("store-monday"));
    Files.createDirectory(folder.resolve("store-before-return-20200101-000000.tmp"));
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path precious = Files.writeString(elsewhere.resolve("records.0"), "precious");
    Files.createSymbolicLink(folder.resolve("store-before-return-20190101-000000"), elsewhere);
    try (Store store = open("store", StoreOptions.small())) {
      for (int i = 0; i < 4; i++) {
        time.setUnixMillis(START_MS + i * 60_000L);
        copiesOf(store).keep(() -> released++);
      }
    }
    assertThat(released).isEqualTo(4);
    assertThat(names())
        .containsExactly(
            "elsewhere",
            "store",
            "store-before-return-20190101-000000",
            "store-before-return-20261121-040200",
            "store-before-return-20261121-040300",
            "store-monday");
    assertThat(precious).hasContent("precious");
  }

  @Test
  void withoutRoomThereIsNoCopyAndTheServerGoesOn() throws IOException {
    StoreOptions allOfTheDisk = StoreOptions.small().withMinFreeBytes(Long.MAX_VALUE / 2);
    try (Store store = open("store", allOfTheDisk)) {
      copiesOf(store).keep(() -> released++);
    }
    assertThat(released).isOne();
    assertThat(names()).containsExactly("store");
  }

  @Test
  void aCopyThatFailsDoesNotHoldTheServerUp() throws IOException {
    Files.createDirectory(folder.resolve("store-before-return-20261121-040000"));
    try (Store store = open("store", StoreOptions.small())) {
      copiesOf(store).keep(() -> released++);
      new OldRecordCopies(
              store,
              folder.resolve("store"),
              time,
              work -> {
                throw new RejectedExecutionException("busy");
              })
          .keep(() -> released++);
    }
    assertThat(released).isEqualTo(2);
  }
}
