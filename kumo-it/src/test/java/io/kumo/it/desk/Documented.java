package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Output that a page shows, in a block of code that begins with {@code $} and the command. Numbers,
 * and how far columns are apart, may differ; words may not. With {@code -Dkumo.docs.write=true} the
 * page is given what the command prints now.
 */
final class Documented {
  private static final String FENCE = "```";
  private static final Pattern HEX = Pattern.compile("\\b(?=[a-f]*\\d)[0-9a-f]{7,16}\\b");
  private static final Pattern VERSION =
      Pattern.compile("(?<![\\d.])\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?(?![\\d.])");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
  private static final Pattern SPACES = Pattern.compile(" +");

  private Documented() {}

  /** Asserts that the page shows this of the command, which is given as it stands there. */
  static void check(String page, String command, String output) {
    if (Boolean.getBoolean("kumo.docs.write")) {
      write(page, command, output);
    }
    List<String> shown = block(page, command);
    assertThat(normal(output.stripTrailing()))
        .as("docs/%s shows for %s:%n%s%nand it was%n%s", page, command, shown, output)
        .isEqualTo(normal(String.join("\n", shown).stripTrailing()));
  }

  private static List<String> block(String page, String command) {
    List<String> lines = lines(page);
    int at = lines.indexOf("$ " + command);
    List<String> block = new ArrayList<>();
    for (int i = at + 1; at >= 0 && !lines.get(i).equals(FENCE); i++) {
      if (lines.get(i).startsWith("$ ")) {
        break;
      }
      block.add(lines.get(i));
    }
    return block;
  }

  private static void write(String page, String command, String output) {
    List<String> lines = new ArrayList<>(lines(page));
    int at = lines.indexOf("$ " + command) + 1;
    for (int i = block(page, command).size(); i > 0; i--) {
      lines.remove(at);
    }
    lines.addAll(at, output.stripTrailing().lines().toList());
    try {
      Files.write(path(page), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path path(String page) {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root.resolve("docs").resolve(page);
  }

  private static List<String> lines(String page) {
    try {
      return Files.readAllLines(path(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String normal(String text) {
    String plain = HEX.matcher(text).replaceAll("0");
    plain = VERSION.matcher(plain).replaceAll("0");
    plain = NUMBER.matcher(plain).replaceAll("0");
    return SPACES.matcher(plain).replaceAll(" ");
  }
}
