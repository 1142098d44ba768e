package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.engine.MapDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store leaves in the file system, and who may see it. */
class StoreFilesTest {
  private static final String NODE = "127.0.0.1:19800";

  @TempDir Path temporary;

  private static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void assertPrivate(Path directory) throws IOException {
    assertThat(rights(directory)).isEqualTo("rwx------");
    for (Path file : in(directory)) {
      assertThat(rights(file)).as(file.toString()).isEqualTo("rw-------");
    }
  }

  @Test
  void aStoreAndItsBackupAreOfItsUserAlone() throws IOException {
    Path path = temporary.resolve("above").resolve("store");
    try (MapDbStore store = MapDbStore.open(path, NODE, StoreOptions.small())) {
      store.putState("x", new byte[8]);
      store.backup(temporary.resolve("backup"));
      store.compact();
    }
    assertPrivate(path);
    assertPrivate(temporary.resolve("backup"));
  }

  @Test
  void aStoreThatOthersCouldReadIsClosedToThem() throws IOException {
    Path path = temporary.resolve("store");
    MapDbStore.open(path, NODE, StoreOptions.small()).close();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path file : in(path)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
    MapDbStore.open(path, NODE, StoreOptions.small()).close();
    assertPrivate(path);
  }

  @Test
  void noFileIsReachedThroughALink() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "precious");
    for (String name : List.of(StoreDirectory.LOCK, StoreHeader.NAME + ".new", "records.0")) {
      Path path = Files.createDirectory(temporary.resolve("store-" + name));
      Files.createSymbolicLink(path.resolve(name), elsewhere);
      assertThatThrownBy(() -> MapDbStore.open(path, NODE, StoreOptions.small()))
          .as(name)
          .isInstanceOf(StoreException.class);
      assertThat(elsewhere).hasContent("precious");
    }
  }

  @Test
  void aKilledServerLeavesNoLibraryInTheTemporaryFolder() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("tmp"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                StoreMeasurement.class.getName(),
                "fill",
                temporary.resolve("store").toString(),
                "10",
                "10")
            .inheritIO()
            .start();
    assertThat(child.waitFor()).isEqualTo(137);
    assertThat(in(folder)).noneMatch(file -> file.toString().contains("lz4"));
  }
}
