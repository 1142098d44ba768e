package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks later learns who ordered what. */
class HistoryTest {
  @TempDir Path directory;

  @Test
  void bothManagersTellOfTheOrdersThatEitherWasGiven() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 2, 3)) {
      assertThat(cluster.kumoctl(1, "disable-auto-replace").exitCode()).isZero();
      assertThat(cluster.kumoctl(0, "detach", cluster.server(1)).exitCode()).isEqualTo(1);
      assertThat(cluster.kumoctl(1, "verify", "--wait").exitCode()).isZero();
      String first = cluster.kumoctl(0, "history").output();
      assertThat(first)
          .isEqualTo(cluster.kumoctl(1, "history").output())
          .containsPattern(
              System.getProperty("user.name") + "@\\S+ +127.0.0.1 +kumoctl \\S+ attach +done")
          .containsPattern("disable-auto-replace +done")
          .containsPattern("detach \\S+ +refused: .* serves: drain it")
          .containsPattern("verify --wait +done");
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
}
