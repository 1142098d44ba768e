package io.kumo.core.cli.man;

import io.kumo.core.cli.Cli;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what has bash complete the options and commands of programs. */
public final class Completions {
  private Completions() {}

  /**
   * Run by {@code scripts/completion}.
   *
   * @param args a directory, and the main classes of programs that are on the class path
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    Programs.describe(args, Completions::of, "");
  }

  private static Map<String, String> of(Callable<?> program) {
    CommandLine command = Cli.whole(program);
    String name = command.getCommandName();
    return Map.of(name, AutoComplete.bash(name, command));
  }
}
