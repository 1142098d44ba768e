package io.kumo.tools.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks for a password: never on a command line, where every process of the machine sees it. */
final class Passwords {
  private static final int MAX_BYTES = 512;
  private static final int CONSOLE_WITHOUT_TERMINAL = 22;

  private Passwords() {}

  /** What is typed twice, or what standard input holds when it is no terminal. */
  static byte[] ask(PrintWriter err, String name) throws IOException {
    Console console = terminal();
    String password = console == null ? firstLine() : typed(console, name);
    byte[] bytes = password == null ? new byte[0] : password.getBytes(UTF_8);
    boolean control = password != null && password.chars().anyMatch(c -> c < ' ' || c == 0x7F);
    if (bytes.length == 0 || bytes.length > MAX_BYTES || control) {
      throw CliException.usage("a password has 1 to 512 bytes, none of them a control character");
    }
    if (password.indexOf(' ') >= 0) {
      err.println("kumoctl: clients of the text protocol cannot send a password with a blank");
      err.flush();
    }
    return bytes;
  }

  /** Null without one. From JDK 22 on there is a console even where nobody can type. */
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable Console terminal() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < CONSOLE_WITHOUT_TERMINAL) {
      return console;
    }
    try {
      return Console.class.getMethod("isTerminal").invoke(console).equals(true) ? console : null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable String firstLine() throws IOException {
    return new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
  }

  private static String typed(Console console, String name) {
    char[] first = console.readPassword("password of %s: ", name);
    char[] second = console.readPassword("again: ");
    if (first == null || !Arrays.equals(first, second)) {
      throw new CliException(ExitStatus.FAILED, "the two are not the same; nothing was changed");
    }
    return new String(first);
  }
}
