package io.kumo.tools;

import java.util.Set;

/** The commands of kumoctl that ask no cluster: they may stand where the manager stands else. */
public final class WithoutManager {
  private static final Set<String> COMMANDS = Set.of("cert", "user");

  /** Stands for the manager that nobody asks. */
  private static final String NOBODY = "127.0.0.1";

  private WithoutManager() {}

  /** The same command line, with a manager if it needs one to be read. */
  public static String[] complete(String... args) {
    if (args.length == 0 || !COMMANDS.contains(args[0])) {
      return args;
    }
    String[] all = new String[args.length + 1];
    all[0] = NOBODY;
    System.arraycopy(args, 0, all, 1, args.length);
    return all;
  }
}
