package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys are listed, and what was exported comes back after a wipe. */
class ExportTest {
  @TempDir Path directory;

  @Test
  void whatIsExportedComesBackAfterEverythingWasDeleted() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 3)) {
      try (TextClient client = cluster.client()) {
        for (int i = 0; i < 3000; i++) {
          assertThat(client.set("key:" + i, "value" + i)).isEqualTo("STORED");
        }
        client.set("other", "x");
        client.delete("key:7");
      }
      KumoProcess.Result keys = cluster.kumoctl("keys", "--prefix", "key:");
      assertThat(keys.exitCode()).as(keys.errors()).isZero();
      assertThat(keys.output().lines().distinct())
          .hasSize(2999)
          .contains("key:0", "key:2999")
          .doesNotContain("key:7", "other");
      assertThat(cluster.kumoctl("keys", "--limit", "5").output().lines()).hasSize(5);

      Path file = directory.resolve("all.ndjson");
      KumoProcess.Result exported =
          cluster.kumoctl("export", "--to", file.toString(), "--without-times");
      assertThat(exported.errors()).contains("3001 records");
      assertThat(Files.readAllLines(file)).hasSize(3001);
      assertThat(cluster.kumoctl("export", "--to", file.toString()).errors()).contains("exists");
      try (TextClient client = cluster.client()) {
        for (int i = 0; i < 3000; i++) {
          client.delete("key:" + i);
        }
      }
      // An import counts from two seconds before it began.
      long deletedMs = TimeSource.system().unixMillis();
      await().until(() -> TimeSource.system().unixMillis() - deletedMs > 4000);
      importAgain(cluster, file);
      try (TextClient client = cluster.client()) {
        for (int i = 0; i < 3000; i++) {
          assertThat(client.get("key:" + i)).isEqualTo(i == 7 ? null : "value" + i);
        }
      }
    }
  }

  @Test
  void fieldsWithTabsHoldAnyBytes() throws Exception {
    String binary = "\u0000\t\\\u007f\u00ff\u0080x";
    Path file = directory.resolve("all.tsv");
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 1);
        TextClient client = cluster.client()) {
      assertThat(client.line("set binary 7 0 " + binary.length() + "\r\n" + binary + "\r\n"))
          .isEqualTo("STORED");
      assertThat(client.set("text", "plain")).isEqualTo("STORED");
      KumoProcess.Result exported =
          cluster.kumoctl("export", "--to", file.toString(), "--without-times", "--prefix", "b");
      assertThat(exported.exitCode()).as(exported.errors()).isZero();
      assertThat(Files.readAllLines(file))
          .containsExactly(
              "key\tflags\texpiry\tvalue", "binary\t7\t0\t\\x00\\t\\\\\\x7f\\xff\\x80x");
      assertThat(cluster.kumoctl("export", "--form", "tsv", "--prefix", "t").output())
          .contains("key\tflags\texpiry\ttime\tclock\tvalue\ntext\t0\t0\t");

      assertThat(cluster.kumoctl("export", "--to", "-", "--prefix", "t").output())
          .contains("\"key\":\"text\"");

      client.set("binary", "overwritten");
      // An import counts from two seconds before it began.
      long writtenMs = TimeSource.system().unixMillis();
      await().until(() -> TimeSource.system().unixMillis() - writtenMs > 4000);
      importAgain(cluster, file);
      assertThat(client.lines("get binary\r\n")).element(0).isEqualTo("VALUE binary 7 7");
      assertThat(client.get("binary")).isEqualTo(binary);

      Files.writeString(file, "key\tvalue\nk\t\\q\n");
      KumoProcess.Result wrong = cluster.kumoctl("import", file.toString());
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(wrong.errors()).contains("line 2: a backslash is followed by");
    }
  }

  private static void importAgain(DeskCluster cluster, Path file) {
    KumoProcess.Result imported = cluster.kumoctl("import", file.toString(), "--overwrite");
    assertThat(imported.exitCode()).as(imported.errors()).isZero();
  }
}
