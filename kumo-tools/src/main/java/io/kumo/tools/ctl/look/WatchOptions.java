package io.kumo.tools.ctl.look;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.tools.Printer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Belongs to commands that show what is there at the moment. */
final class WatchOptions {
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "1s",
      converter = DurationConverter.class,
      description = "Show it again and again, every second or as often as is said.")
  private @Nullable Duration watch;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "With --watch, end after so many times (default: never).")
  private long count = Long.MAX_VALUE;

  /** Returns what the last time came to; ends when nobody reads any more. */
  ExitStatus repeat(Printer printer, Supplier<ExitStatus> show) {
    PrintWriter out = printer.out();
    if (count < 1) {
      throw CliException.usage("-n must be at least 1");
    }
    Duration pause = watch;
    if (pause == null) {
      return show.get();
    }
    for (long shown = 1; ; shown++) {
      if (Logging.onTerminal()) {
        out.print(CLEAR);
      }
      ExitStatus status = show.get();
      boolean unread = out.checkError() || System.out.checkError();
      if (shown >= count || unread) {
        return status;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }
}
