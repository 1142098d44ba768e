package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.server.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where records are, whether their copies agree, and that what is damaged on disk is mended. */
class RepairTest {
  private static final String PAGE = "kumoctl.md";
  private static final String MARK = "flip-me-";

  @TempDir Path directory;

  @Test
  void copiesAreShownComparedAndMended() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 3)) {
      fill(cluster);
      Documented.check(
          PAGE,
          "kumoctl MANAGER whereis greeting",
          cluster.kumoctl("whereis", "greeting").output());
      KumoProcess.Result clean = cluster.kumoctl("verify", "--wait");
      assertThat(clean.exitCode()).as(clean.errors()).isZero();
      Documented.check(PAGE, "kumoctl MANAGER verify --wait", clean.output());
      assertThat(cluster.kumoctl("verify", "--show").output()).isEqualTo(clean.output());
      assertThat(cluster.kumoctl("verify", "--range", "f-0").exitCode()).isEqualTo(2);
      assertUnfinishedIsSaidToBe(cluster);
      assertThat(cluster.kumoctl("recover", "greeting").output()).contains("coordinator");

      flipBit(cluster, 2);
      assertRecovered(cluster);
      assertThat(cluster.kumoctl("recover", cluster.server(2)).exitCode()).isZero();

      loseShardFile(cluster, 1);
      assertRecovered(cluster);
    }
  }

  /** A copy a second: the first pause alone is longer than this looks. */
  private static void assertUnfinishedIsSaidToBe(DeskCluster cluster) {
    assertThat(cluster.kumoctl("verify", "--rate", "1").exitCode()).isZero();
    KumoProcess.Result shown = cluster.kumoctl("verify", "--show");
    assertThat(shown.output()).contains("differ so far");
    assertThat(shown.errors()).contains("copies compared");
    KumoProcess.Result stopped = cluster.kumoctl("verify", "--stop");
    assertThat(stopped.exitCode()).isEqualTo(3);
    assertThat(stopped.errors()).contains("has not verified all: stopped by an operator");
  }

  private static void fill(DeskCluster cluster) throws IOException {
    try (TextClient client = cluster.client()) {
      assertThat(client.set("greeting", "hello")).isEqualTo("STORED");
      for (int i = 0; i < 300; i++) {
        assertThat(client.set("key" + i, MARK + i)).isEqualTo("STORED");
      }
      for (int i = 0; i < 300; i += 10) {
        assertThat(client.delete("key" + i)).isEqualTo("DELETED");
      }
    }
  }

  /** In the value of a record, which no longer has its checksum then. */
  private static void flipBit(DeskCluster cluster, int server) throws IOException {
    cluster.stopServer(server);
    assertThat(FlippedBits.flip(cluster.store(server), MARK)).isPositive();
    FlippedBits.restart(cluster, server);
  }

  /** The server says so and does not start; emptied it is filled by the others. */
  private static void loseShardFile(DeskCluster cluster, int server) throws IOException {
    cluster.stopServer(server);
    Path file = FlippedBits.records(cluster.store(server)).get(0);
    Files.delete(file);
    assertThatThrownBy(() -> cluster.startServer(server))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.getFileName() + " of the store")
        .hasMessageContaining("is missing");
    Files.move(cluster.store(server), cluster.store(server).resolveSibling("lost"));
    FlippedBits.restart(cluster, server);
  }

  /** What is found is mended, and then there is nothing to find. */
  private static void assertRecovered(DeskCluster cluster) throws IOException {
    await()
        .atMost(DeskCluster.PATIENCE)
        .untilAsserted(
            () -> assertThat(cluster.kumoctl("verify", "--repair", "--wait").exitCode()).isZero());
    KumoProcess.Result second = cluster.kumoctl("verify", "--wait");
    assertThat(second.exitCode()).as(second.output() + second.errors()).isZero();
    assertThat(second.output()).matches("\\d+ keys, 3 replicas each, 0 differ\n");
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < 300; i++) {
        assertThat(client.get("key" + i)).isEqualTo(i % 10 == 0 ? null : MARK + i);
      }
    }
  }
}
