package io.kumo.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a command of the system printed, output and errors together, and how it ended.
 *
 * @param exitCode of the command
 * @param output all that it printed
 */
record Command(int exitCode, String output) {
  private static final long LONGEST_S = 1200;

  /** Runs it to its end, which has to come within twenty minutes. */
  static Command run(List<String> words, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("command", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("KUMO_ARCHIVE", "off"); // root's would be the whole machine's
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(words + " does not end: " + Files.readString(output));
      }
      // Programs may print bytes of any kind.
      return new Command(
          process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(output);
    }
  }

  static Command run(String... words) throws IOException, InterruptedException {
    return run(List.of(words), Map.of(), Path.of("/"));
  }

  /** The same of one that must succeed. */
  static String need(String... words) throws IOException, InterruptedException {
    return run(words).needed(List.of(words));
  }

  /** What it printed, when it has succeeded; else it is thrown. */
  String needed(List<String> words) throws IOException {
    if (exitCode != 0) {
      throw new IOException(words + " ended with " + exitCode + ": " + output);
    }
    return output;
  }

  /** Whether the system has a program. */
  static boolean exists(String program) throws IOException, InterruptedException {
    return run("sh", "-c", "command -v " + program).exitCode() == 0;
  }
}
