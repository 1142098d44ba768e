package io.kumo.tools.bench;

import io.kumo.core.clock.TimeSource;
import io.kumo.tools.ProgressBars;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Shows how far a run is and its present rate on stderr, when a person looks; else nothing. */
final class LoadProgress {

  private static final int WIDTH = 78;

  private final TimeSource time;
  private final boolean shown;

  LoadProgress(TimeSource time, boolean shown) {
    this.time = time;
    this.shown = shown;
  }

  /** A run that takes a known time. */
  Bar timed(String name, Duration duration) {
    return new Bar(name, duration.toMillis());
  }

  /** A run that has a known number of requests. */
  Bar counted(String name, long requests) {
    return new Bar(name, requests);
  }

  /** One run; used by one thread. */
  final class Bar implements AutoCloseable {
    private final @Nullable ProgressBar bar;
    private long lastNs = time.nanoTime();
    private long lastAnswered;

    private Bar(String name, long max) {
      bar =
          shown
              ? ProgressBars.bar(name, Math.max(1, max))
                  .setMaxRenderedLength(WIDTH)
                  .hideEta()
                  .build()
              : null;
    }

    /** {@code done} is on the scale of the maximum; {@code answered} counts requests. */
    void step(long done, long answered) {
      if (bar != null) {
        long now = time.nanoTime();
        double perSecond = (answered - lastAnswered) * 1e9 / Math.max(1, now - lastNs);
        lastNs = now;
        lastAnswered = answered;
        bar.setExtraMessage(String.format(Locale.ROOT, " %.0f/s", perSecond));
        bar.stepTo(Math.min(Math.max(0, done), bar.getMax()));
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
