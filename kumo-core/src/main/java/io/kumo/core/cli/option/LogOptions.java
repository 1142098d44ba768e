package io.kumo.core.cli.option;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a daemon's log goes and how much of it there is. */
public final class LogOptions {

  @Option(
      names = {"-o", "--log"},
      paramLabel = "FILE",
      description = "Append the log to this file; '-' or no option is stdout.")
  private @Nullable String file;

  @Option(
      names = {"-g", "--binary-log"},
      paramLabel = "FILE",
      description = "Append the events that kumolog reads to this file.")
  private @Nullable Path binaryFile;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json: an object for each line (default: ${DEFAULT-VALUE}).")
  private Logging.Format format = Logging.Format.TEXT;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log what happens (INFO), not only what is wrong (WARN).")
  private boolean verbose;

  /** Whether a file, not stdout, takes the log. */
  public boolean toFile() {
    return file != null && !file.equals("-");
  }

  public boolean verbose() {
    return verbose;
  }

  /**
   * Directs SLF4J as the options say. Throws {@link CliException} when the file cannot be written.
   */
  public void startLogging() {
    Logging.start(verbose, file == null || file.equals("-") ? null : Path.of(file), format);
  }

  /** Opens the log of {@code -g}; without the option, one that drops everything. Caller closes. */
  public BinaryLog openBinaryLog() {
    if (binaryFile == null) {
      return BinaryLog.none();
    }
    try {
      return BinaryLog.open(binaryFile);
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.FAILED,
          "cannot write the binary log " + binaryFile + ": " + Cli.describe(e),
          e);
    }
  }
}
