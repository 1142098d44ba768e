package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.option.DaemonOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real processes that get the signal HUP. */
class HangUpTest {

  @Test
  void aDaemonThatIsStartingReadsItsFilesAgain() throws Exception {
    Process process = start("--default-signal=HUP");
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("read");
      assertThat(said.readLine()).isEqualTo("starts");
      hangUp(process);
      assertThat(said.readLine()).isEqualTo("read");
      assertThat(said.readLine()).endsWith(": a file: reloaded");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void oneThatWasStartedByNohupSaysThatItDoesNot() throws Exception {
    Process process = start("--ignore-signal=HUP");
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("read");
      assertThat(said.readLine()).isEqualTo("starts");
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      assertThat(said.readLine()).endsWith(": SIGHUP is ignored here, as nohup has it [KUMO-1008]");
    } finally {
      process.destroyForcibly();
    }
  }

  private static void hangUp(Process process) throws IOException, InterruptedException {
    List<String> kill = List.of("kill", "-s", "HUP", Long.toString(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }

  /** Has the signal treated as {@code env} is told to, however these tests were started. */
  private static Process start(String treatment) throws IOException {
    return new ProcessBuilder(
            "env",
            treatment,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SlowDaemon.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Tells when its file is read, and starts until a byte comes on standard input. */
  static final class SlowDaemon {

    private SlowDaemon() {}

    public static void main(String[] arguments) throws Exception {
      DaemonOptions options = new DaemonOptions();
      options.reloads().load("a file", List.of(), SlowDaemon::read);
      options.runUntilStopped(SlowDaemon::serve);
    }

    private static String read() {
      System.out.println("read");
      return "";
    }

    private static AutoCloseable serve() throws IOException {
      System.out.println("starts");
      System.in.read();
      return () -> System.out.println("closed");
    }
  }
}
