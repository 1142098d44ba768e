package io.kumo.tools.binlog;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.OutputFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumolog: shows a binary log, of kumofs 0.4.13 or of ours. */
@Command(
    name = "kumolog",
    versionProvider = Version.class,
    description = "Shows the events of a binary log (option -g of the servers).")
public final class KumologMain implements Callable<Integer> {

  private static final int DEFAULT_EVENTS = 10;
  private static final long POLL_MS = 200;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "LOGFILE", description = "What -g named.")
  private Path file = Path.of("");

  @Option(
      names = {"-t", "--tail"},
      description = "Only the last events.")
  private boolean tail;

  @Option(
      names = {"-h", "--head"},
      description = "Only the first events.")
  private boolean head;

  @Option(
      names = {"-f", "--follow"},
      description = "The last events, and then those to come, until interrupted.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "[-]N",
      description =
          "So many events (default: 10 with -t, -h and -f). With -h, -N is all but the last N.")
  private @Nullable Integer lines;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.TextOrJson.class,
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private OutputFormat format = OutputFormat.TEXT;

  // As the mixin of the other programs, but for -h, which is --head as in the original.
  @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print version information and exit.")
  boolean version;

  private final EventText texts = new EventText(ZoneId.systemDefault());

  /** Waits for more to come; false when nobody wants more. */
  private final BooleanSupplier pause;

  public KumologMain() {
    this(
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MS));
          return !System.out.checkError();
        });
  }

  KumologMain(BooleanSupplier pause) {
    this.pause = pause;
  }

  public static void main(String[] args) {
    Cli.main(new KumologMain(), args);
  }

  @Override
  public Integer call() {
    if (head && (tail || follow)) {
      throw CliException.usage("-h goes with neither -t nor -f");
    }
    LogReader log = null;
    try {
      log = LogReader.open(file);
      show(log);
      log = follow ? follow(log) : log;
      if (!follow && log.rest() > 0) {
        note("the last event is cut short: " + log.rest() + " bytes");
      }
      return ExitStatus.DONE.code();
    } catch (IOException e) {
      throw failure(e);
    } finally {
      close(log);
    }
  }

  private CliException failure(IOException e) {
    spec.commandLine().getOut().flush();
    String why = e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
    return CliException.failed(file + ": " + why);
  }

  private void show(LogReader log) throws IOException {
    int count = lines == null ? DEFAULT_EVENTS : lines;
    if (head) {
      showHead(log, count);
    } else if (tail || follow || lines != null) {
      showTail(log, Math.abs(count));
    } else {
      showRest(log);
    }
    spec.commandLine().getOut().flush();
  }

  private void showHead(LogReader log, int count) throws IOException {
    Deque<LogEvent> heldBack = new ArrayDeque<>();
    long left = count < 0 ? Long.MAX_VALUE : count;
    LogEvent event = log.next();
    for (; event != null && left > 0; left--) {
      heldBack.add(event);
      if (heldBack.size() > -Math.min(0, count)) {
        print(heldBack.remove());
      }
      event = log.next();
    }
    log.seek(log.position() + log.rest()); // what comes behind was not asked for
  }

  /** Only remembers where the last events begin, and reads those again. */
  private void showTail(LogReader log, int count) throws IOException {
    Deque<Long> starts = new ArrayDeque<>();
    long start = log.position();
    while (log.next() != null) {
      starts.add(start);
      if (starts.size() > count) {
        starts.remove();
      }
      start = log.position();
    }
    log.seek(starts.isEmpty() ? start : starts.getFirst());
    showRest(log);
  }

  private void showRest(LogReader log) throws IOException {
    for (LogEvent event = log.next(); event != null; event = log.next()) {
      print(event);
    }
  }

  /** Returns the log that was read last: a new file may have taken the name. */
  private LogReader follow(LogReader first) throws IOException {
    LogReader log = first;
    Object key = fileKey();
    while (pause.getAsBoolean()) {
      showRest(log);
      Object now = fileKey();
      if (now != null && (!Objects.equals(now, key) || log.hasShrunk())) {
        LogReader next = LogReader.open(file);
        log.close();
        log = next;
        key = now;
        showRest(log);
      }
      spec.commandLine().getOut().flush();
    }
    return log;
  }

  /** Null while there is no file. */
  private @Nullable Object fileKey() throws IOException {
    try {
      return Files.getAttribute(file, "unix:ino");
    } catch (NoSuchFileException e) {
      return null; // it was moved away, and the program has not made another yet
    }
  }

  private void print(LogEvent event) {
    spec.commandLine()
        .getOut()
        .print(
            (format == OutputFormat.JSON ? texts.json(event).toString() : texts.text(event))
                + "\n");
  }

  private void note(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("kumolog: " + file + ": " + what);
    err.flush();
  }

  private void close(@Nullable LogReader log) {
    try {
      if (log != null) {
        log.close();
      }
    } catch (IOException e) {
      note(String.valueOf(e.getMessage()));
    }
  }
}
