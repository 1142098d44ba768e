package io.kumo.core.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  @TempDir Path directory;

  /** Another user may have made them in a folder of all. */
  @Test
  void linksThatWaitUnderAForeseeableNameAreNotFollowed() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Path file = directory.resolve("state.json");
    for (String name : List.of("state.json", "state.json.tmp")) {
      Files.createSymbolicLink(directory.resolve(name), victim);
    }
    PrivateFiles.replace(file, "new".getBytes(US_ASCII));
    assertThat(victim).hasContent("precious");
    assertThat(file).hasContent("new").isRegularFile();
    assertThat(Files.isSymbolicLink(file)).isFalse();
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).as("nothing is left behind").hasSize(3);
    }
  }

  @Test
  void whoMayReadThemIsSaid() throws Exception {
    Path file = directory.resolve("file");
    PrivateFiles.replace(file, new byte[0]);
    assertThat(mode(file)).isEqualTo("rw-------");
    PrivateFiles.replacePublic(file, new byte[0]);
    assertThat(mode(file)).isEqualTo("rw-r--r--");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
