package io.kumo.tools.ctl.change;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Logging;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.tools.Printer;
import io.kumo.tools.ProgressBars;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a rebalance is: as a bar on stderr when a person looks at a terminal, else as a
 * line a second, and at last what it came to.
 */
final class RebalanceProgress {
  private static final int WIDTH = 100;
  private static final long LINE_NS = Duration.ofSeconds(1).toNanos();

  private final Printer printer;
  private final TimeSource time;
  private final boolean bars;
  private @Nullable ProgressBar bar;
  private int phase = RebalanceState.IDLE;
  private long phaseStartNs;
  private long copiedNs;
  private long lineNs;

  RebalanceProgress(Printer printer, TimeSource time) {
    this(printer, time, Logging.onTerminal() && !printer.options().json());
  }

  RebalanceProgress(Printer printer, TimeSource time, boolean bars) {
    this.printer = printer;
    this.time = time;
    this.bars = bars;
  }

  /** Whether a running rebalance has been seen. */
  boolean wasShown() {
    return phase != RebalanceState.IDLE;
  }

  void show(RebalanceState state) {
    long nowNs = time.nanoTime();
    if (state.phase() != phase) {
      copiedNs = phase == RebalanceState.COPYING ? nowNs : copiedNs;
      phase = state.phase();
      phaseStartNs = nowNs;
      lineNs = nowNs - LINE_NS;
      closeBar();
    }
    if (bars) {
      draw(state, nowNs);
    } else if (nowNs - lineNs >= LINE_NS) {
      lineNs = nowNs;
      printer.print(line(state, nowNs), () -> json(state, nowNs));
    }
  }

  private void draw(RebalanceState state, long nowNs) {
    MoveStatistics statistics = state.statistics();
    if (bar == null) {
      bar =
          ProgressBars.bar(name(state), Math.max(1, statistics.total()))
              .setMaxRenderedLength(WIDTH)
              .setStyle(
                  Logging.coloured()
                      ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
                      : ProgressBarStyle.ASCII)
              .build();
    }
    bar.maxHint(Math.max(1, statistics.total()));
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " %d records, %s, %.0f/s",
            statistics.moved(),
            bytes(statistics.bytes()),
            rate(statistics, nowNs)));
    bar.stepTo(Math.min(statistics.scanned(), bar.getMax()));
  }

  private String line(RebalanceState state, long nowNs) {
    MoveStatistics f = state.statistics();
    return String.format(
        Locale.ROOT,
        "%s: %d of %d records looked at, %d %s, %s, %.0f records/s, ETA %s, waiting for %s",
        name(state),
        f.scanned(),
        f.total(),
        f.moved(),
        state.phase() == RebalanceState.COPYING ? "copied" : "removed",
        bytes(f.bytes()),
        rate(f, nowNs),
        eta(f, nowNs),
        state.waitingFor());
  }

  private ObjectNode json(RebalanceState state, long nowNs) {
    MoveStatistics f = state.statistics();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("phase", name(state)).put("scanned", f.scanned()).put("total", f.total());
    object.put("records", f.moved()).put("bytes", f.bytes());
    object.put("recordsPerSecond", Math.round(rate(f, nowNs)));
    state.waitingFor().forEach(server -> object.withArray("waitingFor").add(server.toString()));
    return object;
  }

  /** The last word. Records that are removed were copied, by this rebalance or a former one. */
  void ended(RebalanceState state, long startNs) {
    closeBar();
    long nowNs = time.nanoTime();
    if (state.outcome() != RebalanceState.FINISHED || state.replaceTime() == 0) {
      return;
    }
    MoveStatistics copied = state.copied();
    double seconds = (nowNs - startNs) / 1e9;
    double copySeconds = ((copiedNs == 0 ? nowNs : copiedNs) - startNs) / 1e9;
    String text =
        String.format(
            Locale.ROOT,
            "rebalanced in %.1f s: %d records (%s) copied in %.1f s (%.0f/s), %d removed",
            seconds,
            copied.moved(),
            bytes(copied.bytes()),
            copySeconds,
            copied.moved() / copySeconds,
            state.statistics().moved());
    printer.print(
        text,
        () ->
            JsonNodeFactory.instance
                .objectNode()
                .put("outcome", "finished")
                .put("seconds", seconds)
                .put("copySeconds", copySeconds)
                .put("records", copied.moved())
                .put("bytes", copied.bytes())
                .put("removed", state.statistics().moved()));
  }

  private void closeBar() {
    if (bar != null) {
      bar.stepTo(bar.getMax());
      bar.close();
      bar = null;
    }
  }

  private static String name(RebalanceState state) {
    return state.phase() == RebalanceState.COPYING ? "copying" : "removing";
  }

  private double rate(MoveStatistics statistics, long nowNs) {
    return statistics.moved() * 1e9 / Math.max(1, nowNs - phaseStartNs);
  }

  private String eta(MoveStatistics f, long nowNs) {
    if (f.scanned() == 0 || f.total() <= f.scanned()) {
      return "-";
    }
    double left = (double) (f.total() - f.scanned()) / f.scanned() * (nowNs - phaseStartNs);
    return String.format(Locale.ROOT, "%.0f s", left / 1e9);
  }

  static String bytes(long count) {
    String[] units = {"B", "KB", "MB", "GB", "TB"};
    double value = count;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
