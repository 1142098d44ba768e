package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers are taken in and out by name, while clients go on. */
class ChangeTest {
  @TempDir Path directory;

  @Test
  void serversAreDrainedTakenInAndReplacedByName() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 4)) {
      try (TextClient client = cluster.client()) {
        for (int i = 0; i < 200; i++) {
          assertThat(client.set("key" + i, "value" + i)).isEqualTo("STORED");
        }
      }
      KumoProcess.Result refused = cluster.kumoctl("detach", cluster.server(3));
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors()).contains(cluster.server(3) + " serves: drain it");

      assertDone(cluster, cluster.kumoctl("drain", cluster.server(3), "--wait"));
      assertThat(cluster.kumoctl("nodes").output())
          .containsPattern(cluster.server(3) + " +not attached");
      assertIntact(cluster);
      KumoProcess.Result unknown = cluster.kumoctl("drain", cluster.server(3));
      assertThat(unknown.errors()).contains("is not attached");

      assertDone(cluster, cluster.kumoctl("attach", cluster.server(3), "--wait"));
      cluster.stopServer(3);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("status").output().contains("(fault)"));
      assertThat(cluster.kumoctl("drain", cluster.server(0)).errors())
          .contains("is fault: bring it back or detach it first");
      assertDone(cluster, cluster.kumoctl("detach", cluster.server(3), "--wait"));
      cluster.startServer(3);
      await()
          .atMost(DeskCluster.PATIENCE)
          .until(() -> cluster.kumoctl("nodes").output().contains("not attached"));
      assertThat(cluster.kumoctl("replace", cluster.server(2)).exitCode()).isEqualTo(2);
      assertThat(
              cluster
                  .kumoctl("replace", cluster.server(2), cluster.server(3), "--dry-run")
                  .exitCode())
          .isZero();
      assertDone(
          cluster, cluster.kumoctl("replace", cluster.server(2), cluster.server(3), "--wait"));
      assertThat(cluster.kumoctl("nodes").output())
          .containsPattern(cluster.server(2) + " +not attached")
          .containsPattern(cluster.server(3) + " +serving");
      assertIntact(cluster);
    }
  }

  private static void assertDone(DeskCluster cluster, KumoProcess.Result result) {
    assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
    cluster.awaitSteady();
  }

  private static void assertIntact(DeskCluster cluster) throws Exception {
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.get("key" + i)).isEqualTo("value" + i);
      }
    }
    KumoProcess.Result verified = cluster.kumoctl("verify", "--wait");
    assertThat(verified.output()).contains("3 replicas each, 0 differ");
    assertThat(verified.exitCode()).as(verified.errors()).isZero();
  }
}
