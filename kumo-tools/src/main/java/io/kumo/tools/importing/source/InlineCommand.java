package io.kumo.tools.importing.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A command of Redis as one line: words, bare or in quotes, as redis-cli takes them. */
final class InlineCommand {
  private final String line;
  private int at;

  private InlineCommand(String line) {
    this.line = line;
  }

  /**
   * Returns the words.
   *
   * @param line one character for each byte
   */
  static List<byte[]> split(String line) throws IOException {
    InlineCommand command = new InlineCommand(line);
    List<byte[]> words = new ArrayList<>();
    while (command.skipSpace()) {
      words.add(command.word());
    }
    return words;
  }

  private boolean skipSpace() {
    while (at < line.length() && isSpace(line.charAt(at))) {
      at++;
    }
    return at < line.length();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private byte[] word() throws IOException {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    char quote = line.charAt(at);
    if (quote != '"' && quote != '\'') {
      while (at < line.length() && !isSpace(line.charAt(at))) {
        word.write(line.charAt(at++));
      }
      return word.toByteArray();
    }
    at++;
    while (at < line.length() && line.charAt(at) != quote) {
      word.write(quote == '"' ? escaped() : line.charAt(at++));
    }
    if (at == line.length()) {
      throw new IOException("a quote is not closed: " + line.substring(0, Math.min(40, at)));
    }
    at++;
    return word.toByteArray();
  }

  private int escaped() {
    char c = line.charAt(at++);
    if (c != '\\' || at == line.length()) {
      return c;
    }
    char kind = line.charAt(at++);
    if (kind == 'x' && at + 2 <= line.length()) {
      int high = Character.digit(line.charAt(at), 16);
      int low = Character.digit(line.charAt(at + 1), 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return high << 4 | low;
      }
    }
    return switch (kind) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'a' -> 7;
      case 'b' -> '\b';
      default -> kind;
    };
  }
}
