package io.kumo.server.scrub;

import io.kumo.core.log.LogId;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all records for their checksums, again and again, at a bounded rate: what is damaged on
 * disk shows before the other replicas are gone as well. The store notes what is damaged, names it
 * in the log, and has it repaired by others.
 *
 * <p>Bounds: each tenth of a second one portion of at most {@value #MAX_PORTION_BYTES} bytes, or a
 * record; a pass a minute. Decides on the main loop, reads on the worker.
 */
public final class Scrub {
  private static final Logger log = LoggerFactory.getLogger(Scrub.class);

  private static final String STATE = "scrub";
  private static final int PERIODS_A_SECOND = 10;
  private static final long PERIOD_NS = Duration.ofSeconds(1).toNanos() / PERIODS_A_SECOND;
  private static final long MAX_PORTION_BYTES = 8 << 20;
  private static final long PASS_NS = Duration.ofMinutes(1).toNanos();
  private static final long SKIPPED_HASHES = 1L << 52;

  private final Transport main;
  private final Transport worker;
  private final Store store;
  private final ServerMetrics metrics;
  private volatile long bytesPerSecond;
  private volatile ScrubProgress progress;
  private ScrubProgress saved;
  private Cursor cursor;
  private long allowance;
  private long dueNs;
  private boolean busy;
  private @Nullable Cancellable ticking;

  /** Off until a rate is set. */
  public Scrub(Transport main, Transport worker, Store store, ServerMetrics metrics) {
    this.main = main;
    this.worker = worker;
    this.store = store;
    this.metrics = metrics;
    byte[] state = store.state(STATE);
    this.progress = state == null ? ScrubProgress.NONE : ScrubProgress.of(state);
    this.saved = progress;
    this.cursor = Cursor.all().from(progress.nextHash());
    this.dueNs = main.time().nanoTime();
  }

  /**
   * From now on; when no pass is under way the next one begins at once. Main loop.
   *
   * @param bytes a second; 0 switches it off. A record counts as 4 KiB at least, which is what a
   *     disk reads for it.
   */
  public void setRate(long bytes) {
    bytesPerSecond = Math.max(0, bytes);
    dueNs = main.time().nanoTime();
    if (bytesPerSecond == 0) {
      stop();
    } else if (ticking == null) {
      ticking = main.repeat(PERIOD_NS, "scrubbing all records", this::tick);
    }
  }

  /** In bytes a second; 0 when it is off. Any thread. */
  public long rate() {
    return bytesPerSecond;
  }

  /** Any thread. */
  public ScrubProgress progress() {
    return progress;
  }

  /** Begins nothing more. Main loop. */
  public void stop() {
    if (ticking != null) {
      ticking.cancel();
      ticking = null;
    }
  }

  private void tick() {
    long share = Math.min(MAX_PORTION_BYTES, Math.max(1, bytesPerSecond / PERIODS_A_SECOND));
    allowance = Math.min(share, allowance + share);
    if (busy || allowance <= 0 || main.time().nanoTime() - dueNs < 0) {
      return;
    }
    busy = true;
    long budget = allowance;
    ScrubPortion portion = new ScrubPortion(cursor);
    worker.execute(
        () -> {
          try {
            read(portion, budget);
          } finally {
            main.execute(() -> ended(portion));
          }
        });
  }

  private void read(ScrubPortion portion, long budget) {
    try {
      portion.read(store, budget);
    } catch (StoreException e) {
      log.error(
          LogId.NOT_SCRUBBED,
          "records from hash {} on cannot be read for their checksums: {}",
          Long.toHexString(portion.cursor().fromHash()),
          e.getMessage());
      portion.skip(SKIPPED_HASHES);
    }
  }

  private void ended(ScrubPortion portion) {
    busy = false;
    allowance -= portion.cost();
    metrics.add(ServerMetric.SCRUBBED, portion.records());
    metrics.add(ServerMetric.SCRUBBED_BYTES, portion.bytes());
    metrics.add(ServerMetric.SCRUB_DAMAGED, portion.damagedRecords());
    cursor = portion.cursor();
    if (cursor.isDone()) {
      metrics.add(ServerMetric.SCRUB_PASSES);
      progress = progress.ended(portion.damagedRecords(), main.time().unixMillis() / 1000);
      cursor = Cursor.all();
      dueNs = main.time().nanoTime() + PASS_NS;
    } else {
      progress = progress.at(cursor.fromHash(), portion.damagedRecords());
    }
    if (ticking != null && progress.isFarFrom(saved)) {
      save();
    }
  }

  private void save() {
    saved = progress;
    store.putState(
        STATE,
        progress.bytes(),
        main,
        failure -> {
          if (failure != null) {
            log.warn("how far the scrub is cannot be noted: {}", failure.getMessage());
          }
        });
  }

  /** What it shows beside its counters; any thread. */
  public List<Measurement> measurements() {
    ScrubProgress now = progress;
    return List.of(
        gauge(
            "bytes_per_second",
            "Bound of the scrub, as --scrub-rate or kumoctl config set it; 0 for off.",
            rate()),
        gauge("percent", "How far the present pass of the scrub has come.", now.percent()),
        gauge(
            "ended_seconds",
            "Unix time at which the last pass of the scrub ended; 0 for never.",
            now.endedSeconds()),
        gauge(
            "found", "Records that the last pass of the scrub found damaged.", now.lastDamaged()));
  }

  private static Measurement gauge(String name, String help, long value) {
    return new Measurement("kumo_server_scrub_" + name, false, help, value);
  }
}
