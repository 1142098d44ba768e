package io.kumo.core.cli;

import io.kumo.core.guard.Guard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs a picocli command the way all programs of kumo behave: an error is one line on stderr that
 * begins with the program's name, a hint follows when the command line was wrong (the whole usage
 * when nothing was given), and the exit code is one of {@link ExitStatus}.
 */
public final class Cli {

  private Cli() {}

  /** Runs {@code command} and ends the process with its exit code. */
  public static void main(Callable<Integer> command, String... args) {
    Logging.quiet();
    Guard.ofProcess().watchThreads();
    int code = run(command, args);
    System.out.flush();
    System.exit(code);
  }

  /** Runs {@code command} in this process; returns the exit code. */
  public static int run(Callable<Integer> command, String... args) {
    return commandLine(command).execute(args);
  }

  /** The command line that {@link #run} executes, for tests that capture what it prints. */
  public static CommandLine commandLine(Callable<Integer> command) {
    CommandLine line = new CommandLine(command);
    BooleanWords.applyTo(line.getCommandSpec());
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler(Cli::wrongUsage);
    line.setExecutionExceptionHandler(Cli::failed);
    return line;
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    if (args.length == 0) {
      line.usage(line.getErr());
      line.getErr().flush();
      return ExitStatus.USAGE.code();
    }
    return usageError(line, unknownBeforeMissing(e));
  }

  /**
   * A mistyped option is the likelier reason for a required one that is missing, so it is named
   * first.
   */
  private static String unknownBeforeMissing(ParameterException e) {
    List<String> unmatched = e.getCommandLine().getUnmatchedArguments();
    return e instanceof MissingParameterException && !unmatched.isEmpty()
        ? "Unknown option: '" + unmatched.get(0) + "'"
        : String.valueOf(e.getMessage());
  }

  private static int failed(Exception e, CommandLine line, ParseResult parsed) {
    if (e instanceof CliException known) {
      if (known.status() == ExitStatus.USAGE) {
        return usageError(line, known.getMessage());
      }
      print(line, known.getMessage());
      return known.status().code();
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      print(line, describe(e));
    } else {
      print(line, "internal error: " + describe(e));
      e.printStackTrace(line.getErr());
    }
    return ExitStatus.FAILED.code();
  }

  /** The words of an exception that a user can read: the message, or the type without one. */
  public static String describe(Throwable e) {
    Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static int usageError(CommandLine line, String message) {
    print(line, message);
    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    line.getErr().flush();
    return ExitStatus.USAGE.code();
  }

  private static void print(CommandLine line, String message) {
    PrintWriter err = line.getErr();
    err.println(line.getCommandSpec().root().name() + ": " + message.replaceAll("\\R", " "));
    err.flush();
  }
}
