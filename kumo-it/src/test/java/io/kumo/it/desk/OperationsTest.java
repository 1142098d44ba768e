package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.file.PrivateFiles;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import io.kumo.server.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page about operations tells, done to a cluster that serves. */
class OperationsTest {
  private static final int KEYS = 100;
  private static final Map<String, String> NONE = Map.of();

  @TempDir Path directory;

  private DeskCluster cluster;
  private Story story;

  @BeforeEach
  void launch() throws Exception {
    cluster = DeskCluster.up(directory, 2, 4, 3);
    story = new Story(cluster, "Launch");
    story.done("status -o table", NONE);
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.set("key" + i, "value" + i)).isEqualTo("STORED");
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private void assertIntact() throws IOException {
    cluster.awaitSteady();
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.get("key" + i)).as("key" + i).isEqualTo("value" + i);
      }
    }
    KumoProcess.Result verified = cluster.kumoctl("verify", "--wait");
    assertThat(verified.output()).contains("3 replicas each, 0 differ");
  }

  private void awaitFault() {
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("status").output().contains("(fault)"));
  }

  private void awaitNewcomer(int server) {
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(
            () ->
                cluster
                    .kumoctl("nodes")
                    .output()
                    .lines()
                    .anyMatch(
                        line ->
                            line.contains(cluster.server(server))
                                && line.contains("not attached")));
  }

  @Test
  void aServerIsAddedAndAnotherOneTakenOut() throws Exception {
    story = new Story(cluster, "Add a server");
    Map<String, String> added = Map.of("SERVER", cluster.server(3));
    cluster.startServer(3);
    awaitNewcomer(3);
    story.done("attach SERVER --dry-run", added);
    story.done("attach SERVER --wait", added);
    assertIntact();

    story = new Story(cluster, "Take a server out");
    Map<String, String> drained = Map.of("SERVER", cluster.server(0));
    story.done("drain SERVER --wait", drained);
    cluster.stopServer(0);
    assertIntact();
    story.done("verify --wait", NONE);
  }

  @Test
  void aDeadServerIsReplaced() throws Exception {
    story = new Story(cluster, "Replace a dead server");
    cluster.stopServer(1);
    awaitFault();
    cluster.startServer(3);
    awaitNewcomer(3);
    story.done(
        "replace OLD NEW --wait", Map.of("OLD", cluster.server(1), "NEW", cluster.server(3)));
    assertIntact();
  }

  @Test
  void allIsRestartedOneAfterTheOther() throws Exception {
    story = new Story(cluster, "Rolling restart and upgrade");
    for (int server = 0; server < 3; server++) {
      cluster.stopServer(server);
      awaitFault();
      cluster.startServer(server);
      story.awaitAttached();
    }
    for (int manager = 1; manager >= 0; manager--) {
      cluster.stopManager(manager);
      cluster.startManager(manager);
      story.awaitDone("managers show");
    }
    assertIntact();
  }

  @Test
  void managersAreLostOneAndBoth() throws Exception {
    story = new Story(cluster, "A manager is lost, or both");
    cluster.stopManager(1);
    PrivateFiles.deleteDirectory(cluster.state(1));
    cluster.startManager(1);
    story.awaitDone("managers show");
    assertIntact();
    for (int manager = 0; manager < 2; manager++) {
      cluster.stopManager(manager);
    }
    try (TextClient client = cluster.client()) {
      assertThat(client.get("key1")).as("without any manager").isEqualTo("value1");
      assertThat(client.set("key1", "value1")).isEqualTo("STORED");
    }
    for (int manager = 0; manager < 2; manager++) {
      cluster.startManager(manager);
    }
    await()
        .atMost(DeskCluster.PATIENCE)
        .ignoreExceptions()
        .until(() -> story.run("managers show", NONE).exitCode() == 0);
    assertIntact();
  }

  @Test
  void whatWasKeptIsBroughtBack() throws Exception {
    story = new Story(cluster, "Backup and restore drill");
    Path file = directory.resolve("all.ndjson");
    story.done("backup drill --wait", NONE);
    assertThat(PrivateFiles.isDirectory(cluster.store(0).resolveSibling("store-0-drill"))).isTrue();
    story.done("export --to FILE", Map.of("FILE", file.toString()));
    KumoProcess.Result looked = Tool.kumoImport("--dry-run", "--ndjson", file.toString());
    assertThat(looked.exitCode()).as(looked.errors()).isZero();
    Map<String, String> images = Map.of("DIR", directory.resolve("images").toString());
    story.done("backup --to DIR", images);
    try (TextClient client = cluster.client()) {
      client.delete("key1");
      story.done("backup --to DIR --since DIR", images);
      client.delete("key2");
    }
    story.done("restore --from DIR --dry-run", images);
    story.done("restore --from DIR", images);
    try (TextClient client = cluster.client()) {
      assertThat(client.get("key1")).isNull();
      assertThat(client.get("key2")).isEqualTo("value2");
    }
    DeskCluster drill = DeskCluster.up(directory.resolve("drill"), 1, 1);
    try (drill) {
      String[] order = {"-m", drill.manager(0), "--ndjson", file.toString()};
      // What was written within this second may be ahead of a clock that has issued less of it.
      await().atMost(DeskCluster.PATIENCE).until(() -> Tool.kumoImport(order).exitCode() == 0);
      try (TextClient client = drill.client()) {
        for (int i = 0; i < KEYS; i++) {
          assertThat(client.get("key" + i)).isEqualTo("value" + i);
        }
        client.line("flush_all\r\n");
        assertThat(drill.kumoctl("restore", "--from", images.get("DIR")).exitCode()).isZero();
        assertThat(client.get("key1")).isNull();
        assertThat(client.get("key3")).isEqualTo("value3");
      }
    }
  }

  @Test
  void aFullDiskIsNamedAndLeft() throws Exception {
    story = new Story(cluster, "A disk is full");
    cluster.stopServer(2);
    awaitFault();
    long moreThanThereIs = Long.MAX_VALUE / 2;
    cluster.startServer(2, StoreOptions.small().withMinFreeBytes(moreThanThereIs));
    await()
        .atMost(DeskCluster.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(story.run("status", NONE).errors())
                    .contains("disk full on " + cluster.server(2)));
    assertThat(story.run("status", NONE).exitCode()).isEqualTo(3);
    assertThat(story.run("du", NONE).errors()).contains("disk full on " + cluster.server(2));
  }
}
