package io.kumo.tools.backup;

import io.kumo.core.clock.TimeSource;
import io.kumo.tools.ProgressBars;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Shows on stderr how far a backup is, its rate and the time left, when a person looks. */
final class BackupProgress implements AutoCloseable {
  private static final int STEPS = 10_000;
  private static final long SHOW_NS = Duration.ofMillis(200).toNanos();

  private final TimeSource time;
  private final @Nullable ProgressBar bar;
  private long lastNs;
  private long lastBytes;

  BackupProgress(String task, TimeSource time, boolean shown) {
    this.time = time;
    this.lastNs = time.nanoTime();
    this.bar = shown ? ProgressBars.bar(task, STEPS).build() : null;
  }

  /**
   * @param part that is done, from 0 to 1
   * @param bytes of all records so far
   */
  void show(double part, long records, long bytes) {
    long nowNs = time.nanoTime();
    if (bar == null || nowNs - lastNs < SHOW_NS) {
      return;
    }
    double mibPerSecond = (bytes - lastBytes) * 1e9 / (nowNs - lastNs) / (1 << 20);
    lastNs = nowNs;
    lastBytes = bytes;
    bar.setExtraMessage(String.format(Locale.ROOT, " %d, %.1f MiB/s", records, mibPerSecond));
    bar.stepTo(Math.round(part * STEPS));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
