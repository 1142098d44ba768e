package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.testkit.bug.KnownBug;
import io.kumo.testkit.bug.PlantedBug;
import io.kumo.testkit.bug.VoteBug;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the checker cannot see is not proved by its silence: it finds every planted bug. */
class PlantedBugTest {
  private static final int MAX_SEEDS = 500;
  private static final int SAMPLE = 3;
  private static final Path PAGE = Path.of("../docs/internals/simulation.md");

  /** A row of the page: the bug, its first seed, how many seeds of how many find it. */
  private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| (\\d+) \\|.*");

  private static ResourceLeakDetector.Level before = ResourceLeakDetector.Level.DISABLED;

  @BeforeAll
  static void watchNoBuffers() {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterAll
  static void watchBuffersAgain() {
    ResourceLeakDetector.setLevel(before);
  }

  /** Those of votes that do not show in whole clusters, and why is in the page. */
  private static final Set<VoteBug> EXPLORED_ALONE =
      EnumSet.of(VoteBug.LEASE_CHECKED_BEFORE_READ, VoteBug.DEAD_NEWCOMERS);

  /** What is left out is hidden, by failover recovery and otherwise; see the page. */
  static List<PlantedBug> findableBugs() {
    List<PlantedBug> bugs =
        new ArrayList<>(EnumSet.complementOf(EnumSet.of(KnownBug.NEWER_IS_ACKNOWLEDGEMENT)));
    bugs.addAll(EnumSet.complementOf(EnumSet.copyOf(EXPLORED_ALONE)));
    return bugs;
  }

  static List<PlantedBug> todaysBugs() {
    List<PlantedBug> bugs = findableBugs();
    int first = Math.floorMod(LocalDate.now(ZoneOffset.UTC).toEpochDay() * SAMPLE, bugs.size());
    return IntStream.range(first, first + SAMPLE).mapToObj(i -> bugs.get(i % bugs.size())).toList();
  }

  @Test
  void thePageNamesASeedForEachBug() throws IOException {
    assertThat(firstSeeds()).containsOnlyKeys(findableBugs());
  }

  /**
   * A few each day, so that a week without the long tests still shows all of them. The search
   * begins at the seed of the page, which finds the bug at once until something changes the order
   * of events; then it takes what the page's rate says, and the page is due.
   */
  @ParameterizedTest
  @MethodSource("todaysBugs")
  void aSampleOfThePlantedBugsIsFound(PlantedBug bug) throws IOException {
    assertFound(bug, firstSeeds().get(bug));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("findableBugs")
  void everyPlantedBugIsFoundWithinFiveHundredSeeds(PlantedBug bug) {
    assertFound(bug, bug.isOfVotes() ? World.FIRST_UNRELATED : 1);
  }

  private static void assertFound(PlantedBug bug, long firstSeed) {
    long seed = firstSeed;
    while (seed < firstSeed + MAX_SEEDS && Simulation.run(seed, null, bug).passed()) {
      seed++;
    }
    assertThat(seed).as(bug + " is found by seed").isLessThan(firstSeed + MAX_SEEDS);
  }

  private static Map<PlantedBug, Long> firstSeeds() throws IOException {
    Map<String, PlantedBug> byName = new HashMap<>();
    List.of(KnownBug.values()).forEach(bug -> byName.put(bug.name(), bug));
    List.of(VoteBug.values()).forEach(bug -> byName.put(bug.name(), bug));
    Map<PlantedBug, Long> seeds = new HashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        seeds.put(byName.get(row.group(1)), Long.parseLong(row.group(2)));
      }
    }
    return seeds;
  }
}
