package io.kumo.server.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.CrashChild;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.disk.FaultPoint;
import io.netty.buffer.ByteBuf;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes, ended at random moments and at chosen points; what they had acknowledged is
 * recorded here, outside of them. {@code -Dkumo.test.scale=10} runs 500 kills and 300 stops.
 */
class CrashTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int KILLS = SCALE == 1 ? 5 : 50 * SCALE;
  private static final int STOPS = SCALE == 1 ? FaultPoint.values().length : 30 * SCALE;

  /** After every so manieth kill the next child, not this process, recovers. */
  private static final int UNCHECKED = 4;

  private static final int TRIES = 8;
  private static final List<FsyncPolicy> POLICIES = List.of(FsyncPolicy.values());

  @TempDir Path temporary;

  /** What is known about one key: the last acknowledged write, and those begun after it. */
  private static final class History {
    long acknowledged;
    final List<Long> begun = new ArrayList<>();
  }

  private final Map<Integer, History> histories = new HashMap<>();
  private long nextClockTime = 1;
  private long acknowledgements;
  private long checks;

  @Test
  void nothingAcknowledgedIsLostByAKillAtARandomMoment() throws Exception {
    Random random = new Random(4);
    Path directory = temporary.resolve("store");
    int killed = 0;
    for (int i = 0; killed < KILLS; i++) {
      Process child = start(directory, i, policy(i), null);
      awaitFirstNote(child);
      if (!child.waitFor(random.nextInt(900), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
      record(child);
      killed += child.exitValue() == 0 ? 0 : 1;
      if (i % UNCHECKED != 0) {
        check(directory);
      }
    }
    check(directory);
    assertThat(acknowledgements).isGreaterThan(KILLS);
    report(killed + " kills at random moments");
  }

  /** However long the JVM takes to start: a kill before the first write would show nothing. */
  private void awaitFirstNote(Process child) throws InterruptedException {
    while (notes().toFile().length() == 0 && child.isAlive()) {
      child.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void nothingAcknowledgedIsLostByAStopAtAChosenPoint() throws Exception {
    Random random = new Random(5);
    Path directory = temporary.resolve("store");
    FaultPoint[] points = FaultPoint.values();
    Map<FaultPoint, Integer> stops = new EnumMap<>(FaultPoint.class);
    for (int i = 0; i < STOPS; i++) {
      FaultPoint point = points[i % points.length];
      stop(directory, i, point, random);
      stops.merge(point, 1, Integer::sum);
      check(directory);
    }
    report("%d stops at chosen points %s".formatted(STOPS, stops));
  }

  /** Ends a child at a point; one that never came so far is followed by one that need not. */
  private void stop(Path directory, int run, FaultPoint point, Random random) throws Exception {
    int arrival = 1 + random.nextInt(arrivals(point));
    for (int tries = 0; tries < TRIES; tries++) {
      FaultPoint before = stopThatLeavesWork(point);
      if (before != null) {
        stop(directory, run, before, random);
      }
      Process child = start(directory, run + tries * STOPS, policy(run), point + ":" + arrival);
      record(child);
      if (child.exitValue() != 0) {
        return;
      }
      check(directory);
      arrival = 1 + arrival / 4;
    }
    throw new AssertionError(point + " is never reached");
  }

  /** Recovery has something to do only after another stop. */
  private static @Nullable FaultPoint stopThatLeavesWork(FaultPoint point) {
    return switch (point) {
      case RECOVERY_JOURNAL -> FaultPoint.JOURNAL_SYNCED;
      case RECOVERY_REPLAY -> FaultPoint.APPLIED;
      default -> null;
    };
  }

  private void report(String what) {
    System.out.printf(
        "%s: %d writes acknowledged, none lost, torn or back from the dead; %d times MapDB's check"
            + " and a second opening were clean%n",
        what, acknowledgements, checks);
  }

  private static int arrivals(FaultPoint point) {
    return switch (point) {
      case APPEND, APPENDED, APPLIED -> 400;
      case JOURNAL_CHUNK, APPLY -> 40;
      case FROZEN, JOURNAL_WRITTEN, JOURNAL_SYNCED, FILE_SYNCED, RECOVERY_REPLAY -> 20;
      case SEGMENT_PREPARED, SEGMENT_NAMED, SEGMENT_SWITCHED, SEGMENT_RELEASED -> 8;
      case COMPACT_COPY, BACKUP_COPY -> 8;
      case BEFORE_RENAME, AFTER_RENAME -> 12;
      case LOG_SYNCED -> 30;
      case RECOVERY_JOURNAL, INDEX_SAVE -> 4;
      case COMPACT_COPIED, COMPACT_RENAMED -> 2;
    };
  }

  private static FsyncPolicy policy(int run) {
    return POLICIES.get(run % POLICIES.size());
  }

  private Process start(Path directory, long seed, FsyncPolicy policy, @Nullable String halt)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xshare:auto"));
    if (halt != null) {
      command.add("-Dkumo.store.halt=" + halt);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashChild.class.getName());
    command.addAll(
        List.of(
            directory.toString(),
            Long.toString(seed),
            Long.toString(nextClockTime),
            policy.name()));
    command.addAll(List.of("1500", notes().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(temporary.resolve("output").toFile())
        .start();
  }

  private Path notes() {
    return temporary.resolve("notes");
  }

  private void record(Process child) throws Exception {
    child.waitFor();
    if (child.exitValue() != 137 && child.exitValue() != 0) {
      throw new AssertionError(Files.readString(temporary.resolve("output")));
    }
    if (!Files.exists(notes())) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(notes())))) {
      while (true) {
        int what = in.readByte();
        History history = histories.computeIfAbsent(in.readInt(), key -> new History());
        long clockTime = in.readLong();
        if (what == CrashChild.BEGIN) {
          history.begun.add(clockTime);
        } else {
          history.acknowledged = clockTime;
          history.begun.removeIf(begun -> begun <= clockTime);
          acknowledgements++;
        }
        nextClockTime = Math.max(nextClockTime, clockTime + 1);
      }
    } catch (EOFException e) {
      // The end of what the child could say.
    }
    Files.delete(notes());
  }

  private void check(Path directory) throws Exception {
    try (MapDbStore store = open(directory)) {
      assertThat(store.recoveryReport().isDamaged()).isFalse();
      checkRecords(store);
      store.verify();
    }
    try (MapDbStore store = open(directory)) {
      assertThat(store.recoveryReport().clean()).isTrue();
      assertThat(store.recoveryReport().recordsReplayed()).isZero();
      checkRecords(store);
    }
    deleteBackups(directory);
    checks++;
  }

  private static MapDbStore open(Path directory) {
    return MapDbStore.open(directory, CrashChild.NODE, CrashChild.options(FsyncPolicy.EVERYSEC));
  }

  private void checkRecords(MapDbStore store) {
    int present = 0;
    for (int key = 0; key < CrashChild.KEYS; key++) {
      History history = histories.getOrDefault(key, new History());
      ByteBuf found = store.get(CrashChild.key(key));
      long clockTime = found == null ? 0 : found.getLong(0);
      if (found != null) {
        assertThat(found).as("key %d", key).isEqualTo(CrashChild.value(key, clockTime));
        found.release();
        present++;
      }
      assertThat(clockTime == history.acknowledged || history.begun.contains(clockTime))
          .as("key %d has %d, acknowledged %d", key, clockTime, history.acknowledged)
          .isTrue();
      history.acknowledged = clockTime;
      history.begun.clear();
    }
    assertThat(store.liveCount() + store.tombstoneCount()).isEqualTo(present);
  }

  private static void deleteBackups(Path directory) throws IOException {
    try (var siblings = Files.list(directory.getParent())) {
      for (Path sibling : siblings.filter(path -> path.toString().contains("-backup-")).toList()) {
        try (var files = Files.walk(sibling)) {
          files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
      }
    }
  }
}
