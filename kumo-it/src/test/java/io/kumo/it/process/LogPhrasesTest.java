package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that watch the daemons of kumofs 0.4.13 look for these words on stdout; ours print them
 * at the same moments, with -v.
 */
class LogPhrasesTest {
  @TempDir Path directory;

  private ClusterProcesses cluster;

  private void awaitLog(String process, String phrase) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(cluster.process(process).output()).contains(phrase));
  }

  @Test
  void theDaemonsSayWhatTheOriginalsSaid() throws Exception {
    try (ClusterProcesses running = new ClusterProcesses(directory, 2, 2)) {
      cluster = running;
      cluster.useNodeArguments("-k", "500ms");
      cluster.startAll();
      for (String manager : new String[] {"manager-0", "manager-1"}) {
        awaitLog(manager, "partner connected");
        awaitLog(manager, "new node");
        awaitLog(manager, "server connected");
      }
      awaitLog("server-0", "new node");
      awaitLog("gateway", "connect success");
      // The one with the lower address directs, and the other one says the same.
      for (String manager : new String[] {"manager-0", "manager-1"}) {
        awaitLog(manager, "start replace copy");
        awaitLog(manager, "replace finished");
      }

      cluster.process("server-1").kill();

      awaitLog("manager-0", "lost node");
      awaitLog("manager-1", "lost node");
    }
  }
}
