package io.kumo.manager.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.protocol.desk.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  private static final History.Entry ONE =
      new History.Entry(5, "root@a", "10.0.0.1:7", "kumoctl m attach\nx", "done");
  private static final History.Entry TWO = new History.Entry(6, "", "b", "flush all", "\"no\"");

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsThereForTheNextProcess() throws Exception {
    try (HistoryFile file = new HistoryFile(folder)) {
      assertThat(file.read()).isEmpty();
      file.write(List.of(ONE));
      file.write(List.of(ONE, TWO));
      await().until(() -> file.read().size() == 2);
    }
    assertThat(new HistoryFile(folder).read()).containsExactly(ONE, TWO);
    assertThat(Files.getPosixFilePermissions(folder.resolve("history")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aDamagedFileIsReadAsFarAsItGoes() throws Exception {
    Files.writeString(folder.resolve("history"), "{\"atMs\":5,\"who\":\"a\"}\n{\"at");
    assertThat(new HistoryFile(folder).read()).hasSize(1);
  }
}
