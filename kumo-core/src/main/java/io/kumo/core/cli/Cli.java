package io.kumo.core.cli;

import io.kumo.core.cli.command.ManyCommands;
import io.kumo.core.guard.Guard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

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
    StandardOutput output = StandardOutput.install();
    CommandLine line = commandLine(command, args);
    int code = line.execute(args);
    String lost = output.whyLost();
    if (lost != null) {
      print(line, "cannot write to standard output: " + lost);
      code = ExitStatus.FAILED.code();
    }
    System.exit(code);
  }

  /** Runs {@code command} in this process; returns the exit code. */
  public static int run(Callable<Integer> command, String... args) {
    return commandLine(command, args).execute(args);
  }

  /** The program with all of its commands, as its manual describes it. */
  public static CommandLine whole(Callable<?> program) {
    CommandLine line = new CommandLine(program);
    ManyCommands.addAll(line, program);
    return line;
  }

  /** The command line that {@link #run} executes, for tests that capture what it prints. */
  public static CommandLine commandLine(Callable<Integer> command, String... args) {
    CommandLine line = new CommandLine(command);
    ManyCommands.addNamed(line, command, args);
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
    return usageError(line, why(e));
  }

  private static String why(ParameterException e) {
    CommandLine line = e.getCommandLine();
    String command = mistypedCommand(e);
    if (command != null) {
      return Suggestion.unknownCommand(command, line.getSubcommands().keySet()).getMessage();
    }
    List<String> unmatched = line.getUnmatchedArguments();
    String why = unknownBeforeMissing(e);
    if (unmatched.isEmpty() || !unmatched.get(0).startsWith("-")) {
      return why;
    }
    String option = unmatched.get(0).split("=", 2)[0];
    return why + Suggestion.didYouMean(option, line.getCommandSpec().optionsMap().keySet());
  }

  /**
   * What stands where a command should, of a program that has commands. It explains more than the
   * options behind it, which are unknown without their command.
   */
  private static @Nullable String mistypedCommand(ParameterException e) {
    CommandLine line = e.getCommandLine();
    if (line.getSubcommands().isEmpty()) {
      return null;
    }
    for (PositionalParamSpec parameter : line.getCommandSpec().positionalParameters()) {
      if (parameter.hidden() && !parameter.stringValues().isEmpty()) {
        return parameter.stringValues().get(0);
      }
    }
    List<String> unmatched = line.getUnmatchedArguments();
    boolean isWord = !unmatched.isEmpty() && !unmatched.get(0).startsWith("-");
    return isWord && e instanceof UnmatchedArgumentException ? unmatched.get(0) : null;
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
      print(line, describeWithFile(e));
    } else {
      print(line, "internal error: " + describe(e));
      e.printStackTrace(line.getErr());
    }
    return ExitStatus.FAILED.code();
  }

  /** The words of an exception that a user can read: the message, or the type without one. */
  public static String describe(Throwable e) {
    Throwable cause = unwrapped(e);
    if (cause instanceof FileSystemException file) {
      return describeFile(file);
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** Of these exceptions the message is the file alone, which callers name themselves. */
  private static String describeFile(FileSystemException e) {
    if (e.getReason() != null) {
      return e.getReason();
    } else if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof NotDirectoryException) {
      return "not a directory";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it exists already";
    }
    return e.getClass().getSimpleName();
  }

  private static String describeWithFile(Throwable e) {
    Throwable cause = unwrapped(e);
    String file = cause instanceof FileSystemException f ? f.getFile() + ": " : "";
    return file + describe(cause);
  }

  private static Throwable unwrapped(Throwable e) {
    return e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
  }

  private static int usageError(CommandLine line, String message) {
    print(line, message);
    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    line.getErr().flush();
    return ExitStatus.USAGE.code();
  }

  private static void print(CommandLine line, String message) {
    PrintWriter err = line.getErr();
    err.println(line.getCommandSpec().root().name() + ": " + printable(message));
    err.flush();
  }

  /** In one line. It may tell what a stranger sent, which is not to command the terminal. */
  private static String printable(String message) {
    return message.replaceAll("\\R", " ").replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]", "?");
  }
}
