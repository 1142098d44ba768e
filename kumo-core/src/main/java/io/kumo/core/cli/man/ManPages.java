package io.kumo.core.cli.man;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Writes the manual pages of a program, one for itself and one for each of its commands. */
public final class ManPages {
  private ManPages() {}

  /**
   * Run by {@code scripts/man}.
   *
   * @param args a directory, and the main class of a program that is on the class path
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    Object program = Class.forName(args[1]).getDeclaredConstructor().newInstance();
    if (!(program instanceof Callable<?> command)) {
      throw new IllegalArgumentException(args[1] + " is no program");
    }
    try {
      Path directory = Files.createDirectories(Path.of(args[0]));
      for (Map.Entry<String, String> page : of(command).entrySet()) {
        Files.writeString(directory.resolve(page.getKey() + ".1"), page.getValue());
      }
    } catch (IOException e) {
      System.err.println("cannot write manual pages to " + args[0] + ": " + Cli.describe(e));
      System.exit(ExitStatus.FAILED.code());
    }
  }

  /** The texts by their names, such as {@code kumoctl-attach}. */
  public static Map<String, String> of(Callable<?> program) {
    Map<String, String> pages = new TreeMap<>();
    collect(new CommandLine(program), pages);
    return pages;
  }

  private static void collect(CommandLine command, Map<String, String> pages) {
    pages.put(ManPage.name(command), ManPage.text(command));
    command.getSubcommands().values().forEach(below -> collect(below, pages));
  }
}
