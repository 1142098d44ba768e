package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.ring.RangeDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine must do. */
public abstract class StoreContract {
  public Store store;

  public abstract Store open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  public static ByteBuf key(long hash, String userKey) {
    return Unpooled.buffer().writeLong(hash).writeBytes(userKey.getBytes(US_ASCII));
  }

  public static ByteBuf value(long clockTime, String payload) {
    return Unpooled.buffer()
        .writeLong(clockTime)
        .writeShort(0)
        .writeBytes(payload.getBytes(US_ASCII));
  }

  public static ByteBuf tombstone(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime);
  }

  private static final Charset US_ASCII = StandardCharsets.US_ASCII;

  public void assertHolds(ByteBuf key, @Nullable ByteBuf expected) {
    ByteBuf found = store.get(key);
    assertThat(found).isEqualTo(expected);
    if (found != null) {
      found.release();
    }
    ByteBuf appended = Unpooled.buffer().writeByte(1);
    int length = store.read(key, appended);
    assertThat(length).isEqualTo(expected == null ? Store.NO_RECORD : expected.readableBytes());
    assertThat(appended.skipBytes(1))
        .isEqualTo(expected == null ? Unpooled.EMPTY_BUFFER : expected);
  }

  @Test
  void absentKeyHasNoValueAndNoClockTime() {
    assertHolds(key(1, "a"), null);
    assertThat(store.clockTime(key(1, "a"))).isZero();
    assertThat(Patient.removeIf(store, key(1, "a"), 0)).isFalse();
  }

  @Test
  void storedValueComesBackUnchanged() {
    WriteResult result = Patient.update(store, key(1, "a"), value(7, "x"));
    assertThat(result.stored()).isTrue();
    assertThat(result.clockTime()).isEqualTo(7);
    assertHolds(key(1, "a"), value(7, "x"));
    assertThat(store.clockTime(key(1, "a"))).isEqualTo(7);
    assertHolds(key(1, "b"), null);
    assertHolds(key(2, "a"), null);
  }

  @Test
  void newerReplacesOlderAndNotTheOtherWayRound() {
    Patient.update(store, key(1, "a"), value(7, "x"));
    assertThat(Patient.update(store, key(1, "a"), value(6, "z")).stored()).isFalse();
    assertThat(Patient.update(store, key(1, "a"), value(6, "z")).clockTime()).isEqualTo(7);
    assertThat(Patient.update(store, key(1, "a"), value(8, "a")).stored()).isTrue();
    assertHolds(key(1, "a"), value(8, "a"));
  }

  @Test
  void clockTimesCompareUnsigned() {
    Patient.update(store, key(1, "a"), value(Long.MAX_VALUE, "x"));
    assertThat(Patient.update(store, key(1, "a"), value(Long.MIN_VALUE, "y")).stored()).isTrue();
    assertThat(store.largestClockTime()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void atEqualClockTimesTheGreaterBytesWin() {
    Patient.update(store, key(1, "a"), value(7, "m"));
    assertThat(Patient.update(store, key(1, "a"), value(7, "m")).stored()).isFalse();
    assertThat(Patient.update(store, key(1, "a"), value(7, "a")).stored()).isFalse();
    assertThat(Patient.update(store, key(1, "a"), tombstone(7)).stored()).isFalse();
    assertThat(Patient.update(store, key(1, "a"), value(7, "ma")).stored()).isTrue();
    assertThat(Patient.update(store, key(1, "a"), value(7, "\u007f")).stored()).isTrue();
    assertHolds(key(1, "a"), value(7, "\u007f"));
  }

  @Test
  void tombstonesAreRecordsAndAreCountedApart() {
    Patient.update(store, key(1, "a"), value(7, "x"));
    Patient.update(store, key(2, "b"), value(7, "x"));
    Patient.update(store, key(1, "a"), tombstone(8));
    assertHolds(key(1, "a"), tombstone(8));
    assertThat(store.liveCount()).isEqualTo(1);
    assertThat(store.tombstoneCount()).isEqualTo(1);
    assertThat(Patient.update(store, key(1, "a"), value(7, "x")).stored()).isFalse();
    Patient.update(store, key(1, "a"), value(9, "x"));
    assertThat(store.liveCount()).isEqualTo(2);
    assertThat(store.tombstoneCount()).isZero();
    assertThat(store.statistics().liveBytes()).isEqualTo(2 * (9 + 11));
  }

  @Test
  void removeIfTakesOutExactlyThatRecord() {
    Patient.update(store, key(1, "a"), tombstone(8));
    assertThat(Patient.removeIf(store, key(1, "a"), 7)).isFalse();
    assertThat(Patient.removeIf(store, key(1, "a"), 8)).isTrue();
    assertHolds(key(1, "a"), null);
    assertThat(store.tombstoneCount()).isZero();
    assertThat(store.largestClockTime()).isEqualTo(8);
  }

  @Test
  void modifySeesTheRecordAndStoresWhatItReturns() {
    WriteResult made = store.modify(key(1, "a"), current -> current == null ? value(5, "x") : null);
    assertThat(made.stored()).isTrue();
    WriteResult left = store.modify(key(1, "a"), current -> null);
    assertThat(left.stored()).isFalse();
    assertThat(left.clockTime()).isEqualTo(5);
    store.modify(
        key(1, "a"),
        current -> {
          assertThat(current).isEqualTo(value(5, "x"));
          return value(4, "older is the caller's business");
        });
    assertHolds(key(1, "a"), value(4, "older is the caller's business"));
  }

  @Test
  void aModificationThatThrowsChangesNothing() {
    Patient.update(store, key(1, "a"), value(5, "x"));
    assertThatThrownBy(
            () ->
                store.modify(
                    key(1, "a"),
                    current -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
    Patient.update(store, key(1, "a"), value(6, "y"));
    assertHolds(key(1, "a"), value(6, "y"));
  }

  @Test
  void malformedRecordsAreRefused() {
    assertThatThrownBy(() -> store.get(Unpooled.buffer().writeInt(1)))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Patient.update(store, key(1, "a"), Unpooled.buffer().writeInt(1)))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.code()).isEqualTo(StoreException.Code.BAD_RECORD));
    assertHolds(key(1, "a"), null);
  }

  @Test
  void largestClockTimeNeverGoesBack() {
    Patient.update(store, key(1, "a"), value(50, "x"));
    Patient.update(store, key(2, "b"), value(40, "x"));
    assertThat(store.largestClockTime()).isEqualTo(50);
  }

  @Test
  void buffersGivenKeepTheirIndices() {
    ByteBuf key = Unpooled.buffer().writeByte(9).writeBytes(key(1, "a"));
    key.skipBytes(1);
    ByteBuf value = Unpooled.directBuffer().writeByte(9).writeBytes(value(5, "x"));
    value.skipBytes(1);
    Patient.update(store, key, value);
    assertThat(key.readerIndex()).isEqualTo(1);
    assertThat(value.readerIndex()).isEqualTo(1);
    assertThat(value.refCnt()).isEqualTo(1);
    assertHolds(key(1, "a"), value(5, "x"));
    value.release();
  }

  @Test
  void everyWriteBecomesDurable() {
    long position = Patient.update(store, key(1, "a"), value(5, "x")).position();
    assertThat(position).isLessThanOrEqualTo(store.position());
    AtomicBoolean done = new AtomicBoolean();
    store.whenDurable(position, Runnable::run, failure -> done.set(failure == null));
    await().untilTrue(done);
  }

  @Test
  void statesAreNamedBlobs() {
    assertThat(store.state("hash-spaces")).isNull();
    store.putState("hash-spaces", new byte[] {1, 2});
    store.putState("mark", new byte[0]);
    store.putState("hash-spaces", new byte[] {3});
    assertThat(store.state("hash-spaces")).containsExactly(3);
    assertThat(store.state("mark")).isEmpty();
  }

  @Test
  void emptyAndLargeValuesWork() {
    Patient.update(store, key(1, ""), value(5, ""));
    assertHolds(key(1, ""), value(5, ""));
    for (int size : new int[] {1, 1000, 65_520, 65_536, 1 << 20, 5_000_000}) {
      ByteBuf large = Unpooled.buffer(size + 10).writeLong(size).writeShort(0);
      byte[] payload = new byte[size];
      new Random(size).nextBytes(payload);
      large.writeBytes(payload);
      Patient.update(store, key(2, "large"), large);
      assertHolds(key(2, "large"), large);
    }
  }

  @Test
  void scanVisitsTheRangeInOrder() {
    for (long hash : new long[] {0, 5, 7, 7, 9, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      Patient.update(store, key(hash, "a"), value(5, "x"));
      Patient.update(store, key(hash, "b"), tombstone(5));
    }
    assertThat(scan(Cursor.range(5, 9), 1000)).containsExactly("5a", "5b", "7a", "7b", "9a", "9b");
    assertThat(scan(Cursor.range(6, 6), 1000)).isEmpty();
    assertThat(scan(Cursor.range(Long.MAX_VALUE, -1L), 1))
        .containsExactly(
            "9223372036854775807a",
            "9223372036854775807b",
            "-9223372036854775808a",
            "-9223372036854775808b",
            "-1a",
            "-1b");
    assertThat(scan(Cursor.all(), 3)).hasSize(14);
  }

  @Test
  void scanIsResumableAfterAnyRecord() {
    Random random = new Random(3);
    TreeMap<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      long hash = random.nextInt(4) == 0 ? 77L << 40 : random.nextLong() >>> 1;
      Patient.update(store, key(hash, "k" + i), value(i + 1, "v" + i));
      expected.put("%016x".formatted(hash) + "k" + i, i + 1L);
    }
    List<String> seen = new ArrayList<>();
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      int stopAfter = 1 + random.nextInt(20);
      int[] left = {stopAfter};
      cursor =
          store.scan(
              cursor,
              ScanLimits.records(1 + random.nextInt(20), 1000),
              (rawKey, rawValue, length) -> {
                seen.add(
                    "%016x".formatted(rawKey.getLong(0))
                        + rawKey.toString(8, rawKey.readableBytes() - 8, US_ASCII));
                assertThat(rawValue.readableBytes()).isEqualTo(length);
                return --left[0] > 0;
              });
    }
    assertThat(seen).containsExactlyElementsOf(expected.keySet());
  }

  @Test
  void scanOfHeadersCutsValues() {
    Patient.update(store, key(1, "a"), value(5, "a long payload"));
    store.scan(
        Cursor.all(),
        ScanLimits.headers(10, 8),
        (rawKey, rawValue, length) -> {
          assertThat(rawValue.readableBytes()).isEqualTo(8);
          assertThat(rawValue.getLong(rawValue.readerIndex())).isEqualTo(5);
          assertThat(length).isEqualTo(24);
          return true;
        });
  }

  /** What a digest has to be: added up record by record. */
  public RangeDigest scanned(Cursor range) {
    DigestSum sum = new DigestSum();
    ScanLimits limits = ScanLimits.headers(1 << 20, Store.TOMBSTONE_BYTES);
    Cursor cursor = range;
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              limits,
              (rawKey, rawValue, length) -> {
                sum.add(RecordDigest.of(rawKey, RawRecords.head(rawValue)));
                return true;
              });
    }
    return sum.digest();
  }

  /** In steps of about so many records. */
  public RangeDigest digested(Cursor range, int step) {
    DigestSum sum = new DigestSum();
    Cursor cursor = range;
    while (!cursor.isDone()) {
      cursor = store.digest(cursor, step, sum);
    }
    return sum.digest();
  }

  @Test
  void digestsOfRangesFollowEveryWrite() {
    Random random = new Random(11);
    for (int round = 0; round < 12; round++) {
      for (int i = 0; i < 2_000; i++) {
        int name = random.nextInt(4_000);
        long hash = name % 5 == 0 ? 1L << 60 : new Random(name).nextLong();
        ByteBuf key = key(hash, "key" + name);
        long clockTime = 1L + random.nextInt(1_000_000);
        switch (random.nextInt(4)) {
          case 0 -> Patient.update(store, key, tombstone(clockTime));
          case 1 -> Patient.removeIf(store, key, store.clockTime(key));
          default -> Patient.update(store, key, value(clockTime, "payload"));
        }
      }
      assertThat(digested(Cursor.all(), 100)).isEqualTo(scanned(Cursor.all()));
      long a = random.nextLong();
      long b = random.nextLong();
      boolean ordered = Long.compareUnsigned(a, b) <= 0;
      Cursor range = Cursor.range(ordered ? a : b, ordered ? b : a);
      assertThat(digested(range, 1 + random.nextInt(3_000))).isEqualTo(scanned(range));
      Cursor shared = Cursor.range(1L << 60, 1L << 60);
      assertThat(digested(shared, 7)).isEqualTo(scanned(shared));
    }
  }

  @Test
  void aVisitorMayCallTheStore() {
    for (int i = 0; i < 100; i++) {
      Patient.update(store, key(i, "a"), tombstone(i + 1));
    }
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              ScanLimits.headers(7, 8),
              (rawKey, rawValue, length) ->
                  Patient.removeIf(store, rawKey, rawValue.getLong(rawValue.readerIndex())));
    }
    assertThat(store.tombstoneCount()).isZero();
  }

  @Test
  void aClosedStoreRefuses() {
    store.close();
    store.close();
    assertThatThrownBy(() -> Patient.update(store, key(1, "a"), value(5, "x")))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.CLOSED));
  }

  private List<String> scan(Cursor from, int batch) {
    List<String> seen = new ArrayList<>();
    Cursor cursor = from;
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              ScanLimits.records(batch, Long.MAX_VALUE),
              (rawKey, rawValue, length) ->
                  seen.add(
                      rawKey.getLong(0)
                          + rawKey.toString(8, rawKey.readableBytes() - 8, US_ASCII)));
    }
    return seen;
  }

  @Test
  void aSnapshotShowsEachKeyAsItWasWhileEverythingChanges() {
    int keys = 1500;
    long at = 1000;
    Random random = new Random(3);
    TreeMap<Integer, String> then = new TreeMap<>();
    for (int i = 0; i < keys; i++) {
      String payload = i + "x".repeat(random.nextInt(900));
      Patient.update(store, key(i / 3, "k" + i), value(1 + random.nextInt(999), payload));
      then.put(i, payload);
    }
    try (StoreSnapshot snapshot = store.openSnapshot(at)) {
      assertThatThrownBy(() -> store.openSnapshot(at)).hasMessageContaining("another snapshot");
      Map<Integer, String> seen = new TreeMap<>();
      Cursor cursor = Cursor.all();
      for (int step = 1; !cursor.isDone(); step++) {
        for (int i = 0; i < 30; i++) {
          change(random.nextInt(keys + 200), at + step, random.nextBoolean());
        }
        cursor = page(snapshot, cursor, seen);
      }
      assertThat(seen).isEqualTo(then);
      assertThat(snapshot.keptBytes()).isPositive();
      assertThat(snapshot.failure()).isNull();
      for (int i = 0; i < keys; i++) {
        change(i, at + keys, i % 2 == 0);
      }
      seen.clear();
      for (cursor = Cursor.all(); !cursor.isDone(); ) {
        cursor = page(snapshot, cursor, seen);
      }
      assertThat(seen).as("all of it from what was kept").isEqualTo(then);
    }
    try (StoreSnapshot next = store.openSnapshot(at + keys)) {
      assertThat(next.keptBytes()).isZero();
    }
  }

  /** What was removed comes back newer, too. */
  private void change(int i, long clockTime, boolean removed) {
    ByteBuf key = key(i / 3, "k" + i);
    if (removed) {
      Patient.removeIf(store, key, store.clockTime(key));
    } else {
      Patient.update(store, key, value(clockTime, "new"));
    }
  }

  private static Cursor page(StoreSnapshot snapshot, Cursor from, Map<Integer, String> seen) {
    return snapshot.scan(
        from,
        ScanLimits.records(20, 5000),
        hash -> true,
        (rawKey, rawValue, valueLength) -> {
          assertThat(rawValue.readLong()).isLessThanOrEqualTo(snapshot.clockTime());
          String name = rawKey.skipBytes(Long.BYTES + 1).toString(US_ASCII);
          String former = seen.put(Integer.valueOf(name), rawValue.skipBytes(2).toString(US_ASCII));
          assertThat(former).as("shown twice: " + name).isNull();
          return true;
        });
  }
}
