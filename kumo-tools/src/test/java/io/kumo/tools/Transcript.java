package io.kumo.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A recorded session with a tool of kumofs 0.4.13. */
public final class Transcript {

  private static final String PROMPT = "$ ";

  /** A command, what it printed, and its exit code. */
  public record Step(List<String> words, String output, int exitCode) {
    /** Without the program's name. */
    public String[] arguments() {
      return words.subList(1, words.size()).toArray(new String[0]);
    }

    /** The last word. */
    public String command() {
      return words.get(words.size() - 1);
    }
  }

  private Transcript() {}

  public static List<Step> read(String name) throws IOException {
    String text;
    try (InputStream in = Transcript.class.getResourceAsStream("/transcripts/" + name)) {
      text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Step> steps = new ArrayList<>();
    String command = "";
    StringBuilder output = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith(PROMPT)) {
        command = line.substring(PROMPT.length());
        output.setLength(0);
      } else if (line.startsWith("[exit ")) {
        int code = Integer.parseInt(line.substring(6, line.length() - 1));
        steps.add(new Step(List.of(command.split(" ", -1)), output.toString(), code));
        command = "";
      } else if (!command.isEmpty()) {
        output.append(line).append('\n');
      }
    }
    return steps;
  }
}
