package io.kumo.tools.importing;

import io.kumo.core.clock.TimeSource;
import io.kumo.tools.ProgressBars;
import io.kumo.tools.importing.source.RecordSource;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far an import is, its rate and the time left, on stderr when a person looks; else
 * nothing. Used by one thread.
 */
final class ImportProgress implements AutoCloseable {
  private final TimeSource time;
  private final @Nullable ProgressBar bar;
  private long lastNs;
  private long lastRecords;

  ImportProgress(RecordSource source, TimeSource time, boolean shown) {
    this.time = time;
    this.lastNs = time.nanoTime();
    this.bar =
        shown
            ? ProgressBars.bar(source.name(), source.total() == 0 ? -1 : source.total()).build()
            : null;
  }

  /** {@code records} have ended so far. */
  void show(RecordSource source, long records) {
    if (bar == null) {
      return;
    }
    long nowNs = time.nanoTime();
    double perSecond = (records - lastRecords) * 1e9 / Math.max(1, nowNs - lastNs);
    lastNs = nowNs;
    lastRecords = records;
    bar.setExtraMessage(String.format(Locale.ROOT, " %.0f records/s", perSecond));
    bar.maxHint(source.total() == 0 ? -1 : source.total());
    bar.stepTo(source.done());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
