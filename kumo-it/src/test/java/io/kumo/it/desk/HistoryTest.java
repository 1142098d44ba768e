package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kumo.it.process.KumoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whoever asks later learns who ordered what. */
class HistoryTest {
  @TempDir Path directory;

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** Of a server and of a manager, which are one process here. */
  private static List<String> levelsBySetting(DeskCluster cluster) {
    List<String> levels = new ArrayList<>();
    String[] nodes = {cluster.server(0), cluster.manager(1)};
    String[] words = {"debug", "trace"};
    for (int i = 0; i < nodes.length; i++) {
      assertThat(cluster.kumoctl("log-level", nodes[i], words[i], "--for", "3s").exitCode())
          .isZero();
      levels.add(root().getLevel().toString());
    }
    return levels;
  }

  @Test
  void bothManagersTellOfTheOrdersThatEitherWasGiven() throws Exception {
    Level before = root().getLevel();
    try (DeskCluster cluster = DeskCluster.up(directory, 2, 3)) {
      assertThat(cluster.kumoctl(1, "disable-auto-replace").exitCode()).isZero();
      assertThat(cluster.kumoctl(0, "detach", cluster.server(1)).exitCode()).isEqualTo(1);
      assertThat(cluster.kumoctl(1, "verify", "--wait").exitCode()).isZero();
      Documented.check(
          "kumoctl.md",
          "kumoctl MANAGER managers show",
          cluster.kumoctl(0, "managers", "show").output());
      String first = cluster.kumoctl(0, "history").output();
      assertThat(first)
          .isEqualTo(cluster.kumoctl(1, "history").output())
          .containsPattern(
              System.getProperty("user.name") + "@\\S+ +127.0.0.1 +kumoctl \\S+ attach +done")
          .containsPattern("disable-auto-replace +done")
          .containsPattern("detach \\S+ +refused: .* serves: drain it")
          .containsPattern("verify --wait +done");
      assertThat(levelsBySetting(cluster)).containsExactly("DEBUG", "TRACE");
      await()
          .atMost(DeskCluster.PATIENCE)
          .during(Duration.ofMillis(500))
          .until(() -> before.equals(root().getLevel()));
      assertThat(cluster.kumoctl("history", "-n", "1").output().lines()).hasSize(2);
      String user = System.getProperty("user.name");
      String plain =
          cluster
              .kumoctl("history", "-n", "3")
              .output()
              .replaceAll(user + "@\\S+", "root@desk")
              .replaceAll("127\\.0\\.0\\.1:\\d+", "SERVER");
      Documented.check("kumoctl.md", "kumoctl MANAGER history -n 3", plain);
    }
  }

  @Test
  void ordersSurviveTheLossOfTheManagerThatWasGivenThem() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 2, 1)) {
      cluster.kumoctl(1, "enable-auto-replace");
      cluster.stopManager(0);
      cluster.kumoctl(1, "disable-auto-replace");
      cluster.startManager(0);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl(0, "managers", "show").exitCode() == 0);
      cluster.stopManager(1);
      deleteAll(cluster.state(1));

      KumoProcess.Result left = cluster.kumoctl(0, "history");
      assertThat(left.errors()).contains(cluster.manager(1) + " does not answer");
      assertOnce(left.output(), " enable-auto-replace");
      assertOnce(left.output(), " disable-auto-replace");

      cluster.startManager(1);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl(1, "managers", "show").exitCode() == 0);
      String both = cluster.kumoctl(1, "history").output();
      assertOnce(both, " enable-auto-replace");
      assertOnce(both, " disable-auto-replace");
      assertThat(cluster.kumoctl(0, "history").output()).isEqualTo(both);
    }
  }

  private static void assertOnce(String history, String order) {
    assertThat(history.lines().filter(line -> line.contains(order))).as(history).hasSize(1);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
