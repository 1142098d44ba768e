package io.kumo.server.rebalance;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashRange;
import io.kumo.core.transport.Transport;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.transfer.Differences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds where a server to which records are to be copied differs, by digests of their values, too:
 * two servers of a cluster that was split may have given one ClockTime to two values. Where it
 * cannot be found out, everything counts as different. Main loop only.
 */
final class TargetComparison implements DigestComparison.Listener {
  private static final int MAX_FAILURES = 3;
  private static final long RETRY_NS = Duration.ofMillis(200).toNanos();

  private final Transport main;
  private final DigestComparison comparison;
  private final List<HashRange> all;
  private final Consumer<Differences> found;
  private final List<HashRange> differing = new ArrayList<>();
  private int failures;

  /**
   * @param all what is compared
   * @param found told once
   */
  TargetComparison(
      Transport main,
      DigestComparison comparison,
      List<HashRange> all,
      Consumer<Differences> found) {
    this.main = main;
    this.comparison = comparison;
    this.all = all;
    this.found = found;
  }

  void start() {
    comparison.next(this);
  }

  @Override
  public void differs(HashRange range) {
    failures = 0;
    differing.add(range);
    if (differing.size() >= 2 * Differences.MAX_RANGES) {
      List<HashRange> fewer = new Differences(differing, 0).ranges();
      differing.clear();
      differing.addAll(fewer);
    }
    main.atNextTurn(() -> comparison.next(this));
  }

  @Override
  public void compared() {
    found.accept(new Differences(differing, comparison.equalRecords()));
  }

  @Override
  public void refused(PublishedSpaces theirs) {
    failed("it has installed another hash space");
  }

  @Override
  public void unsupported() {
    found.accept(new Differences(all, 0));
  }

  @Override
  public void failed(String reason) {
    failures++;
    if (failures > MAX_FAILURES) {
      unsupported();
    } else {
      main.schedule(RETRY_NS, () -> comparison.next(this));
    }
  }
}
