package io.kumo.it.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code catch} of a source file.
 *
 * @param types what it catches, as it is written
 * @param name of the exception
 * @param body without comments
 */
record CatchBlock(String file, int line, String types, String name, String body) {
  private static final Pattern HEAD =
      Pattern.compile("\\bcatch \\((?:final )?([^)]*?)\\s+(\\w+)\\) \\{");
  private static final Pattern BROAD =
      Pattern.compile("(^|[ |.])(Exception|RuntimeException|Throwable|Error)($|[ |])");

  /** All of a file; relies on the formatter, and on no brace in a string of a catch. */
  static List<CatchBlock> of(String path, List<String> lines) {
    String text = String.join("\n", lines);
    List<CatchBlock> found = new ArrayList<>();
    Matcher head = HEAD.matcher(text);
    while (head.find()) {
      String body = text.substring(head.end(), endOfBlock(text, head.end()));
      found.add(
          new CatchBlock(
              path.substring(path.lastIndexOf('/') + 1),
              (int) text.substring(0, head.start()).lines().count(),
              head.group(1).replaceAll("\\s+", " "),
              head.group(2),
              body.replaceAll("//[^\n]*", "").replaceAll("(?s)/\\*.*?\\*/", "").strip()));
    }
    return found;
  }

  private static int endOfBlock(String text, int from) {
    int depth = 1;
    int at = from;
    while (depth > 0) {
      char c = text.charAt(at++);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    return at - 1;
  }

  /** Whether it catches what no caller can have expected. */
  boolean isBroad() {
    return BROAD.matcher(types).find();
  }

  /** Whether nothing becomes of the exception: it is not told, kept, counted or passed on. */
  boolean isSilent() {
    return !Pattern.compile("\\b" + name + "\\b").matcher(body).find();
  }

  boolean isEmpty() {
    return body.isEmpty();
  }

  /** As the list of allowed ones names it. */
  String key() {
    return file + ": " + types;
  }

  @Override
  public String toString() {
    return file + ":" + line + ": catch (" + types + " " + name + ") {" + body + "}";
  }
}
