package io.kumo.core.cli.man;

import io.kumo.core.cli.Cli;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Writes the manual pages of programs, one for each and one for each of its commands. */
public final class ManPages {
  private ManPages() {}

  /**
   * Run by {@code scripts/man}.
   *
   * @param args a directory, and the main classes of programs that are on the class path
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    Programs.describe(args, ManPages::of, ".1");
  }

  /** The texts by their names, such as {@code kumoctl-attach}. */
  public static Map<String, String> of(Callable<?> program) {
    Map<String, String> pages = new TreeMap<>();
    collect(Cli.whole(program), pages);
    return pages;
  }

  private static void collect(CommandLine command, Map<String, String> pages) {
    pages.put(ManPage.name(command), ManPage.text(command));
    command.getSubcommands().values().forEach(below -> collect(below, pages));
  }
}
