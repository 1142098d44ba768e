package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A seed is one run in every JVM. What differs from one to the next is the order in which immutable
 * sets and maps are iterated, and that of objects without a hash code of their own; neither may
 * decide anything.
 */
class SameSeedTest {
  private static final int SEEDS = 4;

  @Test
  void isTheSameRunInEveryJvm() throws InterruptedException {
    List<String> once = hashes("12", "-XX:hashCode=0");
    assertThat(once).hasSize(SEEDS);
    assertThat(hashes("12", "-XX:hashCode=4")).isEqualTo(once);
  }

  @Test
  void aPlantedBugIsFoundInEveryJvm() throws InterruptedException {
    List<String> once = hashes("29", "-XX:hashCode=0", "--bug", "DIRTY_READS");
    assertThat(once).hasSize(SEEDS);
    assertThat(hashes("29", "-XX:hashCode=4", "--bug", "DIRTY_READS")).isEqualTo(once);
  }

  /**
   * The lines of {@code SimMain --hashes}, from a JVM of its own.
   *
   * @param identity how the JVM makes hash codes of objects that have none
   */
  private static List<String> hashes(String seed, String identity, String... more)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UnlockExperimentalVMOptions", identity, "-XX:+UseSerialGC"));
    command.addAll(List.of("-ea:io.kumo...", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SimMain.class.getName(), "--hashes", "--seed", seed));
    command.addAll(List.of("--runs", Integer.toString(SEEDS)));
    command.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(output).isTrue();
      return output.lines().filter(line -> line.matches("seed \\d+ trace .*")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
