package io.kumo.it.sim;

import io.kumo.it.sim.disk.FsyncMode;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen for a run before it begins.
 *
 * @param spare servers, of those counted, that are there but attached only later
 * @param tombstoneSeconds after which servers drop tombstones
 * @param clients each does one operation at a time
 * @param votes whether managers and servers have a place for their votes
 * @param copies as they are settled when the first servers are attached
 */
record Settings(
    long seed,
    Promise promise,
    int managers,
    int servers,
    int spare,
    int gateways,
    int clients,
    FsyncMode fsync,
    boolean autoReplace,
    int tombstoneSeconds,
    boolean votes,
    CopySettings copies) {
  static final int OPERATIONS = 2_000;
  static final int WORKLOAD_SECONDS = 60;
  static final int FAULTS = 5;

  /** In every third run with votes servers that are back rejoin by themselves, after this long. */
  private static final int REJOIN_SECONDS = 10;

  /** Whether servers that are back with their stores need no operator. */
  boolean rejoins() {
    return votes && seed % 3 == 1;
  }

  /** Whether full disks are among the faults; of few seeds, so that others stay as they were. */
  boolean disksFill() {
    return votes && seed % 7 == 4;
  }

  /** Whether there are {@link VoteFaults}; of few seeds, too. */
  boolean votesSuffer() {
    return votes && servers >= 3 && seed % 7 == 6;
  }

  /** As a manager is told. */
  @Nullable Duration rejoinAfter() {
    return rejoins() ? Duration.ofSeconds(REJOIN_SECONDS) : null;
  }

  /** So that tombstones are dropped in the course of a run. */
  private static final int SHORT_LIVED_SECONDS = 12;

  /** Whether there are {@link AimedFaults}, and no others. */
  boolean isAimed() {
    return votes && Aim.has(seed);
  }

  static Settings of(long seed, RandomGenerator random, boolean votes) {
    Settings drawn = draw(seed, random, votes);
    return drawn.isAimed() ? drawn.aimedAt(Aim.of(seed)) : drawn;
  }

  private Settings aimedAt(Aim aim) {
    return new Settings(
        seed,
        promise,
        2,
        aim.servers,
        aim.spare,
        Math.max(2, gateways),
        clients,
        fsync,
        false,
        tombstoneSeconds,
        votes,
        copies);
  }

  private static Settings draw(long seed, RandomGenerator random, boolean votes) {
    int kind = random.nextInt(10);
    Promise promise =
        kind < 6 ? Promise.LINEARIZABLE : kind < 9 ? Promise.WRITES : Promise.CONVERGENCE;
    int managers = promise == Promise.CONVERGENCE ? 2 : 1 + random.nextInt(2);
    int servers = random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 3 + random.nextInt(5);
    int spare = servers > 3 ? random.nextInt(Math.min(3, servers - 2)) : 0;
    return new Settings(
        seed,
        votes ? Promise.LINEARIZABLE : promise,
        managers,
        servers,
        spare,
        1 + random.nextInt(3),
        8 + random.nextInt(9),
        random.nextBoolean() ? FsyncMode.ALWAYS : FsyncMode.EVERYSEC,
        random.nextInt(4) == 0,
        random.nextInt(3) == 0 ? SHORT_LIVED_SECONDS : 3_600,
        votes,
        votes ? CopySettings.of(seed) : CopySettings.PLAIN);
  }
}
