package io.kumo.server.store.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.disk.SimulatedDisk;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.mapdb.JournalChunk;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.mapdb.ShardMeta;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * Random changes of records, most to ones of the same length, between any two steps of checkpoints
 * of which some fail: a reader always finds the newest, and the file what was there at the freeze.
 */
class DeferredRecordsTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int RUNS = 10 * SCALE;
  private static final int CHECKPOINTS = 8;
  private static final int RECORDS = 400;

  /** So few that most pages of the file are not copied. */
  private static final int CHANGES = 8;

  private static final int SLICE_BYTES = 1 << 20;

  /** What comes while a checkpoint has that table goes into the volume. */
  private static final long FOR_ONE_TABLE_BYTES = 512 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final JournalChunk chunk = new JournalChunk();
  private Random random = new Random(0);
  private SimulatedDisk disk = new SimulatedDisk(random);
  private RecordFile records = newFile();
  private final Map<Long, ByteBuf> expected = new HashMap<>();
  private long lsn;
  private long deferredBytes;

  private RecordFile newFile() {
    try {
      return new RecordFile("r", new CheckpointVolume(disk.open("r"), SLICE_BYTES), false);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void readersFindTheNewestAndTheFileHasWhatWasFrozen() throws Exception {
    for (int seed = 0; seed < RUNS; seed++) {
      try {
        run(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(deferredBytes).isPositive();
  }

  private void run(int seed) throws Exception {
    random = new Random(seed);
    disk = new SimulatedDisk(random);
    records = newFile();
    expected.clear();
    records.deferred().enable(new DirectMemory(seed % 2 == 0 ? 16 << 20 : FOR_ONE_TABLE_BYTES));
    for (int i = 0; i < RECORDS; i++) {
      insert(i == 0 ? 70_000 : 300 + random.nextInt(300));
    }
    DiskFile file = disk.open("r");
    Journal journal = new Journal(disk.open("j"));
    for (int i = 0; i < CHECKPOINTS; i++) {
      checkpoint(file, journal, i > 0 && random.nextInt(3) == 0);
      remap();
      for (int j = 0; j < CHANGES; j++) {
        change();
      }
    }
    records.close();
  }

  private void checkpoint(DiskFile file, Journal journal, boolean fails) throws IOException {
    records.commit(new ShardMeta(0, 0, 0, ShardCounts.NONE));
    FrozenShard frozen = new FrozenShard(lock, records);
    Map<Long, ByteBuf> asFrozen = new HashMap<>(expected);
    change();
    journal.begin();
    for (boolean more = true; more; change()) {
      more = frozen.take(chunk, 1 + random.nextInt(100));
      if (!chunk.isEmpty()) {
        journal.write(chunk);
      }
    }
    if (!fails) {
      journal.finish(frozen.fileBytes());
    }
    frozen.thaw(!fails);
    change();
    if (!fails) {
      remap();
      change();
      assertThat(journal.apply(file, FaultPoint.APPLY)).isTrue();
      change();
      frozen.end();
      assertFileHas(asFrozen);
    }
    check();
  }

  /** What another start would find without the log. */
  private void assertFileHas(Map<Long, ByteBuf> asFrozen) throws IOException {
    DiskFile file = disk.kill().open("r");
    RecordFile reopened = new RecordFile("r", new CheckpointVolume(file, SLICE_BYTES), true);
    asFrozen.forEach((recid, record) -> assertHas(reopened, recid, record));
    reopened.close();
  }

  private void remap() throws IOException {
    for (int slice = 0; slice < records.volume().sliceCount(); slice++) {
      records.volume().letGo(records.volume().remap(slice));
    }
    check();
  }

  private void change() {
    int times = random.nextInt(6);
    for (int i = 0; i < times; i++) {
      List<Long> recids = new ArrayList<>(expected.keySet());
      long recid = recids.get(random.nextInt(recids.size()));
      int dice = random.nextInt(20);
      ByteBuf former = expected.get(recid);
      if (dice < 2) {
        delete(recid);
        insert(former.readableBytes()); // MapDB gives it the place of the deleted one.
      } else if (dice == 2) {
        replace(recid, record(random.nextInt(600)));
      } else if (dice == 3) {
        replace(recid, record(former.readableBytes() ^ 1)); // Mostly in the same place.
      } else {
        replace(recid, record(former.readableBytes()));
      }
      deferredBytes += records.ownBytes() - records.volume().ownBytes();
    }
    check();
  }

  private void delete(long recid) {
    records.open(recid);
    records.delete(recid);
    expected.remove(recid);
  }

  private void insert(int length) {
    ByteBuf value = record(length);
    ensureRoom(value);
    expected.put(records.insert(key(), value, ++lsn), value);
  }

  private void replace(long recid, ByteBuf value) {
    ensureRoom(value);
    records.open(recid);
    records.replace(recid, key(), value, ++lsn);
    expected.put(recid, value);
  }

  private void ensureRoom(ByteBuf value) {
    records.makeRoom();
    records.ensureRoom(value.readableBytes(), () -> {});
  }

  private static ByteBuf key() {
    return Unpooled.copyLong(1, 2);
  }

  private ByteBuf record(int length) {
    byte[] bytes = new byte[Math.max(8, length)];
    random.nextBytes(bytes);
    return Unpooled.wrappedBuffer(bytes);
  }

  private void check() {
    expected.forEach((recid, record) -> assertHas(records, recid, record));
  }

  private static void assertHas(RecordFile file, long recid, ByteBuf record) {
    file.open(recid);
    assertThat(file.isSound()).as("record %d", recid).isTrue();
    assertThat(file.valueLength()).as("record %d", recid).isEqualTo(record.readableBytes());
    ByteBuf found = Unpooled.buffer();
    file.readValue(recid, found, file.valueLength());
    assertThat(found).as("record %d", recid).isEqualTo(record);
  }
}
