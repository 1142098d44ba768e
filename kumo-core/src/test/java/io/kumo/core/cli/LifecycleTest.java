package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real processes that a signal ends. */
class LifecycleTest {

  @Test
  void aSignalWhileTheServiceStartsEndsInOrder() throws Exception {
    Process process = start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("starts");
    process.toHandle().destroy();
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertThat(said.readLine()).isEqualTo("closed");
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aStartThatFailsEndsWithItsFailure() throws Exception {
    Process process = start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("starts");
    process.getOutputStream().close();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(said.readLine()).isNull();
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SlowService.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Starts until a byte comes on standard input; fails at its end. */
  static final class SlowService {

    private SlowService() {}

    public static void main(String[] arguments) throws Exception {
      try {
        Lifecycle.runUntilStopped(SlowService::serve, null);
      } catch (IOException e) {
        System.exit(ExitStatus.FAILED.code());
      }
    }

    private static AutoCloseable serve() throws IOException {
      System.out.println("starts");
      if (System.in.read() < 0) {
        throw new IOException("no input");
      }
      return () -> System.out.println("closed");
    }
  }
}
