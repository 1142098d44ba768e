package io.kumo.it.sim;

import io.kumo.testkit.bug.KnownBug;
import io.kumo.testkit.bug.PlantedBug;
import io.kumo.testkit.bug.VoteBug;
import io.netty.util.ResourceLeakDetector;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's command line: {@code [--seed N] [--runs N] [--bug NAME] [--without-votes]
 * [--steered] [--calm] [--trace] [--hashes] [--until-failure]}.
 */
public final class SimMain {
  private SimMain() {}

  public static void main(String[] arguments) {
    long seed = 1;
    long runs = 1;
    boolean trace = false;
    boolean calm = false;
    PlantedBug bug = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--seed" -> seed = Long.parseLong(arguments[++i]);
        case "--runs" -> runs = Long.parseLong(arguments[++i]);
        case "--trace" -> trace = true;
        case "--hashes" -> hashes = true;
        case "--until-failure" -> untilFailure = true;
        case "--calm" -> calm = true;
        case "--without-votes" -> votes = false;
        case "--steered" -> steered = true;
        case "--many-faults" -> manyFaults = true;
        case "--bug" -> bug = bug(arguments[++i]);
        default -> usage();
      }
    }
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    System.exit(runAll(seed, runs, calm, trace ? System.out : null, bug) == 0 ? 0 : 1);
  }

  private static PlantedBug bug(String name) {
    List<PlantedBug> all = new ArrayList<>(List.of(KnownBug.values()));
    all.addAll(List.of(VoteBug.values()));
    if (name.equals("list")) {
      all.forEach(System.out::println);
      System.exit(0);
    }
    String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return all.stream()
        .filter(bug -> bug.toString().equals(constant))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no bug " + name + ", see --bug list"));
  }

  private static void usage() {
    System.err.println("usage: scripts/sim, see scripts/sim --help");
    System.exit(2);
  }

  private static boolean hashes;
  private static boolean untilFailure;
  private static boolean votes = true;
  private static boolean manyFaults;
  private static boolean steered;

  private static SimReport run(
      long seed, boolean calm, @Nullable PrintStream trace, @Nullable PlantedBug bug) {
    if (calm) {
      return Simulation.runCalm(seed, trace, bug);
    }
    if (bug != null) {
      return Simulation.run(seed, trace, bug);
    }
    if (steered) {
      return Simulation.runSteered(seed, trace);
    }
    if (manyFaults) {
      return Simulation.runWithManyFaults(seed, trace);
    }
    return votes ? Simulation.run(seed, trace) : Simulation.runWithoutVotes(seed, trace);
  }

  private static int runAll(
      long firstSeed,
      long runs,
      boolean calm,
      @Nullable PrintStream trace,
      @Nullable PlantedBug bug) {
    long startNs = System.nanoTime();
    Totals totals = new Totals();
    for (long seed = firstSeed; seed < firstSeed + runs; seed++) {
      if (untilFailure && totals.failed > 0) {
        break;
      }
      SimReport report;
      try {
        report = run(seed, calm, trace, bug);
      } catch (RuntimeException | AssertionError e) {
        System.out.println("seed " + seed + " broke the simulator");
        e.printStackTrace(System.out);
        totals.failed++;
        continue;
      }
      totals.add(report);
      if (hashes) {
        System.out.printf("seed %d trace %016x%n", seed, report.traceHash());
      }
      if (!report.passed()) {
        System.out.println("seed " + seed + " failed: " + report.settings());
        report.violations().stream().limit(5).forEach(v -> System.out.println("  " + v));
      }
    }
    System.out.print(totals.text((System.nanoTime() - startNs) / 1e9));
    return totals.failed;
  }

  /** What all runs came to. */
  private static final class Totals {
    private final Map<FaultKind, Integer> faults = new TreeMap<>();
    private final Map<FaultKind, Integer> hitRuns = new TreeMap<>();
    private int runs;
    private int failed;
    private long operations;
    private long unknown;
    private long hash;

    void add(SimReport report) {
      runs++;
      failed += report.passed() ? 0 : 1;
      operations += report.operations();
      unknown += report.unknown();
      hash = hash * 31 + report.traceHash();
      report.faults().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
      report.hits().forEach((kind, count) -> hitRuns.merge(kind, 1, Integer::sum));
    }

    String text(double seconds) {
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "%d runs, %d failed, %d operations, %.2f %% unknown, %.0f runs a minute, trace"
                  + " %016x%n",
              runs,
              failed,
              operations,
              100.0 * unknown / Math.max(1, operations),
              60 * runs / seconds,
              hash));
      text.append("faults (and runs in which one hit a write under way):");
      faults.forEach(
          (kind, count) ->
              text.append(
                  String.format(
                      Locale.ROOT, " %s %d (%d)", kind, count, hitRuns.getOrDefault(kind, 0))));
      return text.append(System.lineSeparator()).toString();
    }
  }
}
