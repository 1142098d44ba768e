package io.kumo.core.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * A program whose commands are made when they are wanted: to make one costs some milliseconds of
 * reflection, and of many a command line names one. Its {@link Command} names none of them.
 */
public interface ManyCommands extends Callable<Integer> {

  /** The commands, in the order of the manual. */
  List<Class<?>> commandClasses();

  /** All commands, as for its manual. */
  static void addAll(CommandLine line, Callable<?> program) {
    if (program instanceof ManyCommands many) {
      many.commandClasses().forEach(command -> add(line, command));
    }
  }

  /**
   * The commands that a command line may mean: those that it names, when the first or the second
   * word is one, and else all, so that a wrong one is explained by all.
   */
  static void addNamed(CommandLine line, Callable<?> program, String... args) {
    if (program instanceof ManyCommands many) {
      List<Class<?>> commands = many.commandClasses();
      boolean isMeant =
          commands.stream().anyMatch(command -> isNamed(command, Arrays.stream(args).limit(2)));
      commands.stream()
          .filter(command -> !isMeant || isNamed(command, Arrays.stream(args)))
          .forEach(command -> add(line, command));
    }
  }

  private static boolean isNamed(Class<?> command, Stream<String> words) {
    Command names = command.getAnnotation(Command.class);
    List<String> aliases = List.of(names.aliases());
    return words.anyMatch(word -> word.equals(names.name()) || aliases.contains(word));
  }

  private static void add(CommandLine line, Class<?> command) {
    line.addSubcommand(new CommandLine(command));
  }
}
