package io.kumo.it.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The options of the JVM that the launchers give to a kind of daemon. */
final class LauncherOptions {
  private LauncherOptions() {}

  /**
   * What the launcher says: the options on a line, or why there are none.
   *
   * @param kind manager, server or gateway
   * @param variables of the launcher's environment and of its shell
   */
  static String of(String kind, Map<String, String> variables) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    StringBuilder script = new StringBuilder(". scripts/lib/launch.sh; unset KUMO_MEMORY; ");
    variables.forEach((name, value) -> script.append(name + "='" + value + "'; "));
    script.append("kumo_jvm_options " + kind + "; echo \"${JVM[@]}\"");
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString());
    bash.directory(root.toFile()).redirectErrorStream(true);
    try (InputStream said = bash.start().getInputStream()) {
      return new String(said.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
