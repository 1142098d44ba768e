package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.server.store.disk.SimulatedDisk;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power losses on a simulated disk, at random operations, also inside recovery. One thread writes
 * in the order of ClockTimes, so that what is left must be what some prefix of the writes makes,
 * and the prefix must reach to the last write that counted as durable. {@code -Dkumo.test.scale=10}
 * makes 10 000 losses per policy; {@code -Dkumo.test.seed=N} repeats one.
 */
class PowerLossTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int RUNS = SCALE == 1 ? 12 : 250 * SCALE;
  private static final int LOSSES_PER_RUN = 4;
  private static final int KEYS = 60;

  /** MapDB's own check takes longer than all the rest, so only every so manieth loss has it. */
  private static final int VERIFIED = 8;

  /** Far below the second of a real store, so that the timer fires within a run. */
  private static final long SYNC_PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(3);

  private record Write(int key, long clockTime) {}

  /** A write that the log has not said to be durable yet. */
  private record Pending(long position, long clockTime) {}

  private long losses;
  private long writes;
  private long syncedByTimer;

  /** All writes so far and how many of them must survive. */
  private static final class History {
    final List<Write> writes = new ArrayList<>();
    final AtomicLong durable = new AtomicLong();
    final Deque<Pending> pending = new ArrayDeque<>();
    long clockTime;
    long syncedByTimer;
  }

  /** Follows from key and ClockTime; one in 30 is longer than a log segment, half are as before. */
  private static ByteBuf value(int key, long clockTime) {
    Random bytes = new Random(key * 31L + clockTime);
    ByteBuf value = Unpooled.buffer().writeLong(clockTime);
    int dice = bytes.nextInt(30);
    if (dice < 3) {
      return value;
    }
    int size = dice == 3 ? 60_000 + bytes.nextInt(20_000) : bytes.nextInt(900);
    byte[] payload = new byte[dice < 15 && dice > 3 ? 50 + 100 * (key % 4) : size];
    bytes.nextBytes(payload);
    return value.writeShort(0).writeBytes(payload);
  }

  private static StoreOptions options(FsyncPolicy policy) {
    return new StoreOptions(policy, 2, 1 << 20, 1 << 18, 0, 1 << 16, 1 << 20);
  }

  @ParameterizedTest
  @EnumSource(FsyncPolicy.class)
  void whatCountedAsDurableSurvivesAndTheStoreOpens(FsyncPolicy policy) throws Exception {
    long only = Long.getLong("kumo.test.seed", -1);
    for (long seed = Math.max(0, only); seed < (only < 0 ? RUNS : only + 1); seed++) {
      try {
        run(seed, policy);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("-Dkumo.test.seed=" + seed, e);
      }
    }
    System.out.printf(
        "%s: %d power losses, %d writes, %d counted as durable by the timer alone; every store"
            + " opened, nothing durable was lost%n",
        policy, losses, writes, syncedByTimer);
  }

  private void run(long seed, FsyncPolicy policy) throws Exception {
    Random random = new Random(seed);
    SimulatedDisk disk = new SimulatedDisk(random);
    History history = new History();
    for (int i = 0; i < LOSSES_PER_RUN; i++) {
      disk.losePowerAfter(1 + random.nextInt(i == 0 ? 150 : 400));
      write(disk, history, random, policy);
      disk = disk.losePower();
      SimulatedDisk untouched = disk.kill();
      check(disk, history, policy);
      disk = untouched;
      losses++;
    }
    writes += history.clockTime;
    syncedByTimer += history.syncedByTimer;
  }

  private static void write(
      SimulatedDisk disk, History history, Random random, FsyncPolicy policy) {
    MapDbStore store = null;
    try {
      store = MapDbStore.open(disk, "sim", options(policy), SYNC_PERIOD_NS);
      history.pending.clear();
      while (disk.afterPowerLoss() == null && history.writes.size() < 4000) {
        step(store, disk, history, random);
      }
    } catch (IOException | StoreException e) {
      assertThat(disk.afterPowerLoss()).as("failed with power on: " + e).isNotNull();
    } finally {
      if (store != null) {
        closeWithoutPower(store, disk);
      }
    }
  }

  private static void closeWithoutPower(MapDbStore store, SimulatedDisk disk) {
    disk.losePower();
    try {
      store.close();
    } catch (StoreException e) {
      assertThat(e.code()).isEqualTo(StoreException.Code.IO);
    }
  }

  private static void step(MapDbStore store, SimulatedDisk disk, History history, Random random) {
    int key = random.nextInt(KEYS);
    long clockTime = ++history.clockTime;
    history.writes.add(new Write(key, clockTime));
    WriteResult result = Patient.update(store, CrashChild.key(key), value(key, clockTime));
    store.whenDurable(
        result.position(),
        Runnable::run,
        failure -> {
          if (failure == null
              && store.isSyncedBeforeAcknowledged()
              && disk.afterPowerLoss() == null) {
            history.durable.accumulateAndGet(clockTime, Math::max);
          }
        });
    history.pending.add(new Pending(result.position(), clockTime));
    noteDurable(store.durablePosition(), disk, history);
    int dice = random.nextInt(200);
    if (dice < 3) {
      store.sync();
      if (disk.afterPowerLoss() == null) {
        history.durable.accumulateAndGet(clockTime, Math::max);
      }
    } else if (dice == 3) {
      store.checkpointAll();
    } else if (dice == 4) {
      store.compact();
    }
  }

  /** What the log says to be durable must survive, whoever had it synced. */
  private static void noteDurable(long durable, SimulatedDisk disk, History history) {
    if (disk.afterPowerLoss() != null) {
      return;
    }
    while (!history.pending.isEmpty() && history.pending.peek().position() <= durable) {
      long clockTime = history.pending.remove().clockTime();
      if (history.durable.getAndAccumulate(clockTime, Math::max) < clockTime) {
        history.syncedByTimer++;
      }
    }
  }

  private void check(SimulatedDisk disk, History history, FsyncPolicy policy) throws IOException {
    try (MapDbStore store = MapDbStore.open(disk, "sim", options(policy))) {
      long newest = store.largestClockTime();
      assertThat(newest)
          .as("newest of %d", history.clockTime)
          .isGreaterThanOrEqualTo(history.durable.get());
      Map<Integer, Long> expected = new HashMap<>();
      for (Write write : history.writes) {
        if (write.clockTime() <= newest) {
          expected.put(write.key(), write.clockTime());
        }
      }
      for (int key = 0; key < KEYS; key++) {
        ByteBuf found = store.get(CrashChild.key(key));
        assertThat(found == null ? 0 : found.getLong(0))
            .as("key %d", key)
            .isEqualTo(expected.getOrDefault(key, 0L));
        if (found != null) {
          assertThat(found).isEqualTo(value(key, found.getLong(0)));
          found.release();
        }
      }
      assertThat(store.liveCount() + store.tombstoneCount()).isEqualTo(expected.size());
      assertThat(store.recoveryReport().isDamaged()).isFalse();
      if (losses % VERIFIED == 0) {
        store.verify();
      }
      history.writes.removeIf(write -> write.clockTime() > newest);
    }
  }

  @Test
  void everysecSyncsWithoutBeingAsked() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    try (MapDbStore store = MapDbStore.open(disk, "sim", options(FsyncPolicy.EVERYSEC))) {
      long position = Patient.update(store, CrashChild.key(1), value(1, 1)).position();
      await().until(() -> store.durablePosition() >= position);
    }
  }
}
