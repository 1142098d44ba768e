package io.kumo.tools;

import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What the progress bars of all tools have in common. */
public final class ProgressBars {
  private static final int WIDTH = 90;
  private static final int UPDATE_MS = 200;

  private ProgressBars() {}

  /**
   * A bar on stderr, of 90 characters unless it is told another width.
   *
   * @param max -1 where it is not known
   */
  public static ProgressBarBuilder bar(String task, long max) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(max)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MS)
        .setMaxRenderedLength(WIDTH);
  }
}
