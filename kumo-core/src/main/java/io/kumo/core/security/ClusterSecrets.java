package io.kumo.core.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;

/**
 * The secret of a cluster, and while it is being replaced the other one: the first is what this
 * process proves itself by, either is what others may.
 */
public record ClusterSecrets(List<Secret> all) {
  private static final int MAX = 2;

  public ClusterSecrets {
    if (all.isEmpty() || all.size() > MAX) {
      throw new IllegalArgumentException("one secret or two");
    }
    all = List.copyOf(all);
  }

  /**
   * From a file of one or two lines; empty ones and those that begin with # do not count.
   *
   * @throws SecurityFileException when others can read it, or it holds anything else
   */
  public static ClusterSecrets read(Path file) throws SecurityFileException {
    List<String> lines =
        new String(SecretFiles.read(file), UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.isEmpty() || lines.size() > MAX) {
      throw new SecurityFileException(
          file, "it has " + lines.size() + " secrets; there is to be one a line, two at most");
    }
    try {
      return new ClusterSecrets(
          lines.stream().map(line -> new Secret(line.getBytes(UTF_8))).toList());
    } catch (IllegalArgumentException e) {
      throw new SecurityFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  public Secret own() {
    return all.get(0);
  }
}
