package io.kumo.core.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.log.LogId;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code: {@code 2026-11-20 19:56:33 Logger: message}, each line written at once,
 * the form that programs which watch the daemons' stdout rely on.
 */
public final class Logging {

  /** Set to {@code true} by the launcher when stdout is a terminal. */
  public static final String TERMINAL_PROPERTY = "kumo.terminal";

  /** The id of a line that has one stands behind what it says, see {@link LogId}. */
  private static final String LINE =
      "%d{yyyy-MM-dd HH:mm:ss} %logger{0}: %msg%replace( [%marker]){' \\[\\]$',''}";

  private static final String PLAIN = LINE + "%n";
  private static final String COLOURED = "%highlight(" + LINE + ") %n";

  /** How a line of the log is written. */
  public enum Format {
    /** For people, and for programs that know the lines of kumofs 0.4.13. */
    TEXT,
    /** For programs that gather logs: see {@link JsonLines}. */
    JSON
  }

  private Logging() {}

  /**
   * Replaces whatever logging was set up before.
   *
   * @param verbose INFO and up, else WARN and up
   * @param file appended to; null is stdout
   */
  public static void start(boolean verbose, @Nullable Path file, Format format) {
    start(
        verbose ? Level.INFO : Level.WARN,
        file == null ? new ConsoleAppender<>() : file(file),
        switch (format) {
          case TEXT -> pattern(file == null && coloured() ? COLOURED : PLAIN);
          case JSON -> new JsonLines();
        });
  }

  private static Encoder<ILoggingEvent> pattern(String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(pattern);
    return encoder;
  }

  private static void start(
      Level level, OutputStreamAppender<ILoggingEvent> appender, Encoder<ILoggingEvent> encoder) {
    LoggerContext context = emptied();
    attach(context, level, started(context, appender, encoder));
    context.getLogger("io.netty").setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
  }

  private static LoggerContext emptied() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    return context;
  }

  private static Appender<ILoggingEvent> started(
      LoggerContext context,
      OutputStreamAppender<ILoggingEvent> appender,
      Encoder<ILoggingEvent> encoder) {
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setImmediateFlush(true);
    appender.start();
    return appender;
  }

  private static void attach(LoggerContext context, Level level, Appender<ILoggingEvent> appender) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
  }

  /** Says something whatever is logged besides, as that a daemon is up. */
  public static void announce(String text) {
    Logger logger = (Logger) LoggerFactory.getLogger("kumo");
    logger.setLevel(Level.INFO);
    logger.info(text);
  }

  /** For tools: nothing but real trouble, on stderr, so that stdout stays the tool's own. */
  public static void quiet() {
    LoggerContext context = emptied();
    Trouble trouble = new Trouble();
    trouble.setContext(context);
    trouble.start();
    attach(context, Level.ERROR, trouble);
  }

  /** Sets up how to write lines when there is one: most tools need none, and it costs 30 ms. */
  private static final class Trouble extends AppenderBase<ILoggingEvent> {
    private @Nullable Appender<ILoggingEvent> stderr;

    @Override
    protected void append(ILoggingEvent event) {
      if (stderr == null) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        stderr = started((LoggerContext) getContext(), console, pattern(PLAIN));
      }
      stderr.doAppend(event);
    }
  }

  /** Writes out what is buffered and closes the log. */
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  /** Whether a person looks at stdout and wants colours (https://no-color.org). */
  public static boolean coloured() {
    String noColor = System.getenv("NO_COLOR");
    return onTerminal() && (noColor == null || noColor.isEmpty());
  }

  /** Whether stdout is a terminal, as the launcher found it. */
  public static boolean onTerminal() {
    return Boolean.getBoolean(TERMINAL_PROPERTY);
  }

  private static FileAppender<ILoggingEvent> file(Path path) {
    try (var probe = PrivateFiles.append(path)) {
      probe.flush();
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.FAILED, "cannot write the log " + path + ": " + Cli.describe(e), e);
    }
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(path.toString());
    appender.setAppend(true);
    return appender;
  }
}
