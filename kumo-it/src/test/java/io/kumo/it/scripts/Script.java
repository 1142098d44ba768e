package io.kumo.it.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a script of the repository and keeps what it printed. */
record Script(int exitCode, String output) {

  private static final long LONGEST_S = 300;

  /** What runs for seconds would not live to gain from the second compiler. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  static Path folder() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("scripts"))) {
      root = root.getParent();
    }
    return root.resolve("scripts");
  }

  /** Output and errors together; the script is ended when it takes longer than five minutes. */
  static Script run(String name, String... arguments) throws IOException, InterruptedException {
    return exec(Map.of(), command(name, arguments));
  }

  /** The same for any command, with additions to the environment. */
  static Script exec(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("script", ".log");
    try {
      Process process = start(output, environment, command);
      if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end: " + Files.readString(output));
      }
      return new Script(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /** Starts it with output and errors into a file. */
  static Process start(Path output, String name, String... arguments) throws IOException {
    return start(output, Map.of(), command(name, arguments));
  }

  static Process start(Path output, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("XDG_STATE_HOME", output.resolveSibling("state").toString());
    builder.environment().put("KUMO_ARCHIVE", "off"); // ArchiveTest alone wants one made
    for (String options : List.of("KUMO_JAVA_OPTS", "MAVEN_OPTS")) {
      builder.environment().put(options, SHORT_LIVED);
    }
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> command(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(folder().resolve(name).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
