package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that watch the daemons of kumofs 0.4.13 look for these words on stdout; ours print them
 * at the same moments, with -v.
 */
class LogPhrasesTest {
  private static final String[] MANAGERS = {"manager-0", "manager-1"};
  private static final List<String> BOTH = List.of(MANAGERS);

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

  /** Scripts watch either manager, whichever directs, and ask either. */
  @Test
  void bothManagersTellOfEveryReplace() throws Exception {
    try (ClusterProcesses running = new ClusterProcesses(directory, 2, 2)) {
      cluster = running;
      cluster.useNodeArguments("-k", "500ms");
      cluster.startAll();
      replace(0, BOTH);
      replace(1, BOTH);
      for (int i = 0; i < 2; i++) {
        int restarted = i;
        int other = 1 - i;
        cluster.process(MANAGERS[restarted]).kill();
        replace(other, List.of(MANAGERS[other]));
        awaitAnew("partner connected", BOTH, () -> cluster.startManager(restarted));
        replace(0, BOTH);
        replace(1, BOTH);
      }
    }
  }

  /** Orders a replace of one manager, of which these have to tell. */
  private void replace(int asked, List<String> telling) {
    cluster.awaitSettled();
    awaitAnew(
        "start replace copy",
        telling,
        () -> awaitAnew("replace finished", telling, () -> orderReplace(asked)));
  }

  private void orderReplace(int asked) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster.kumoctl(asked, "replace").output().equals("nil\n"));
  }

  /** Does something, and waits until each of these has said so after it. */
  private void awaitAnew(String phrase, List<String> processes, Runnable action) {
    List<Integer> before = processes.stream().map(name -> count(phrase, name)).toList();
    action.run();
    for (int i = 0; i < before.size(); i++) {
      String name = processes.get(i);
      int former = before.get(i);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(count(phrase, name)).as(name + ": " + phrase).isGreaterThan(former));
    }
  }

  private int count(String phrase, String process) {
    return cluster.process(process).output().split(phrase, -1).length - 1;
  }
}
