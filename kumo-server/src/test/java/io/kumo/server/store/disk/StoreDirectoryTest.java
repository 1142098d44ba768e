package io.kumo.server.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.DBMaker;

/** What is no store of this server is refused by the name of what it is. */
class StoreDirectoryTest {
  private static final String NODE = "127.0.0.1:19800";

  @TempDir Path temporary;

  private void assertRefused(Path path, String node, StoreException.Code code, String... words) {
    assertThatThrownBy(() -> MapDbStore.open(path, node, StoreOptions.small()))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words).doesNotContain("\n");
            });
  }

  @Test
  void aTokyoCabinetFileIsNamed() throws IOException {
    Path file = temporary.resolve("kumo.tch");
    Files.write(file, "ToKyO CaBiNeT\n1.0:911\n".getBytes(StandardCharsets.US_ASCII));
    assertRefused(file, NODE, StoreException.Code.FOREIGN, "Tokyo Cabinet", "directory");
    assertRefused(temporary, NODE, StoreException.Code.FOREIGN, "kumo.tch", "Tokyo Cabinet");
  }

  @Test
  void aMapDbFileIsNamed() {
    Path file = temporary.resolve("x.db");
    DBMaker.fileDB(file.toFile()).make().close();
    assertRefused(file, NODE, StoreException.Code.FOREIGN, "a MapDB file");
  }

  @Test
  void aRegularFileIsNamed() throws IOException {
    Path file = Files.writeString(temporary.resolve("notes"), "milk");
    assertRefused(file, NODE, StoreException.Code.FOREIGN, "a regular file");
    assertRefused(temporary, NODE, StoreException.Code.FOREIGN, "notes", "a regular file");
    assertThat(Files.readString(file)).isEqualTo("milk");
  }

  @Test
  void theStoreOfAnotherNodeIsNamed() {
    MapDbStore.open(temporary, NODE, StoreOptions.small()).close();
    assertRefused(
        temporary, "127.0.0.1:19801", StoreException.Code.FOREIGN, "store of " + NODE, "19801");
  }

  @Test
  void aStoreOfAnotherFormatIsNamed() throws IOException {
    SmallFile.write(
        new RealDisk(temporary),
        StoreHeader.NAME,
        "format=7\nnode=x\n".getBytes(StandardCharsets.UTF_8));
    assertRefused(temporary, NODE, StoreException.Code.FOREIGN, "format 7", "format 1");
  }

  @Test
  void aSecondServerIsRefused() {
    try (Store first = MapDbStore.open(temporary, NODE, StoreOptions.small())) {
      assertThat(first.position()).isPositive();
      assertRefused(temporary, NODE, StoreException.Code.LOCKED, "in use");
    }
    MapDbStore.open(temporary, NODE, StoreOptions.small()).close();
  }

  @Test
  void dataFilesWithoutAHeaderAreNotOverwritten() throws IOException {
    MapDbStore.open(temporary, NODE, StoreOptions.small()).close();
    Files.delete(temporary.resolve(StoreHeader.NAME));
    assertRefused(temporary, NODE, StoreException.Code.CORRUPT, StoreHeader.NAME);
  }
}
