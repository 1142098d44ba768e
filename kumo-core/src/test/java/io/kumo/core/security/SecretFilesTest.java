package io.kumo.core.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
  @TempDir Path directory;

  @Test
  void theOwnersFileIsRead() throws Exception {
    assertThat(SecretFiles.read(file("rw-------"))).hasSize(5);
    assertThat(SecretFiles.read(file("r--------"))).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw----r--", "rw-----w-", "rw--w----", "rw-rw-rw-"})
  void whatOthersMayReadOrWriteIsRefused(String permissions) throws Exception {
    Path file = file(permissions);
    assertThatThrownBy(() -> SecretFiles.read(file))
        .isInstanceOf(SecurityFileException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void whatIsTooLongIsRefused() throws Exception {
    Path file = file("rw-------");
    Files.write(file, new byte[SecretFiles.MAX_BYTES + 1]);
    assertThatThrownBy(() -> SecretFiles.read(file)).hasMessageContaining("too long");
  }

  private Path file(String permissions) throws Exception {
    Path file = directory.resolve("secret");
    Files.deleteIfExists(file);
    Files.writeString(file, "words");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }
}
