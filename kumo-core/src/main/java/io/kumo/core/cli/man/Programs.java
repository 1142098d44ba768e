package io.kumo.core.cli.man;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Writes files that tell of programs. */
final class Programs {
  private Programs() {}

  /**
   * Writes a file for each text and ends the process when that is not possible.
   *
   * @param args a directory, and the main classes of the programs
   * @param texts gives the texts of a program by the names of their files
   * @param ending of the files' names
   */
  static void describe(
      String[] args, Function<Callable<?>, Map<String, String>> texts, String ending)
      throws ReflectiveOperationException {
    try {
      Path directory = Files.createDirectories(Path.of(args[0]));
      for (int i = 1; i < args.length; i++) {
        for (Map.Entry<String, String> text : texts.apply(program(args[i])).entrySet()) {
          Files.writeString(directory.resolve(text.getKey() + ending), text.getValue());
        }
      }
    } catch (IOException e) {
      System.err.println("cannot write to " + args[0] + ": " + Cli.describe(e));
      System.exit(ExitStatus.FAILED.code());
    }
  }

  private static Callable<?> program(String main) throws ReflectiveOperationException {
    if (Class.forName(main).getDeclaredConstructor().newInstance() instanceof Callable<?> command) {
      return command;
    }
    throw new IllegalArgumentException(main + " is no program");
  }
}
