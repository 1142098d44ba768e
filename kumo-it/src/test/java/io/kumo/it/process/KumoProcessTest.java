package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No process is left behind by tests that end in an unforeseen way. */
class KumoProcessTest {
  @TempDir Path directory;

  /** A program that starts another one, which never ends by itself, and does not care for it. */
  static final class Careless {
    private Careless() {}

    public static void main(String[] args) throws InterruptedException {
      if (args.length == 0) {
        new CountDownLatch(1).await();
      } else {
        KumoProcess other =
            KumoProcess.start(Path.of(args[0]), Careless.class.getName(), List.of());
        System.out.println("pid " + other.pid() + (other.isAlive() ? " lives" : ""));
      }
    }
  }

  @Test
  void aProcessEndsWithTheJvmThatStartedIt() throws Exception {
    String log = directory.resolve("other.log").toString();
    KumoProcess.Result result = KumoProcess.run(directory, Careless.class.getName(), List.of(log));
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains(" lives");
    String pid = result.output().replaceAll("(?s).*pid (\\d+).*", "$1");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
  }
}
