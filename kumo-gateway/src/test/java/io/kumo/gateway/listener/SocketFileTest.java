package io.kumo.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path directory;

  private UnixDomainSocketAddress place;
  private SocketFile file;

  @BeforeEach
  void make() {
    place = UnixDomainSocketAddress.of(directory.resolve("sock"));
    file = new SocketFile(place);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void nobodyElseReachesItBeforeItAppears() throws IOException {
    UnixDomainSocketAddress hidden = file.hide();
    assertThat(hidden.getPath().getParent().getParent()).isEqualTo(directory);
    assertThat(mode(hidden.getPath().getParent())).isEqualTo("rwx------");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(hidden);
      assertThat(place.getPath()).doesNotExist();
      file.appear(hidden, PosixFilePermissions.fromString("rwxrwx---"));
      SocketFile.unhide(hidden);
      assertThat(directory.toFile().list()).containsExactly("sock");
      assertThat(mode(place.getPath())).isEqualTo("rwxrwx---");
      try (SocketChannel client = SocketChannel.open(place)) {
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void whoWasFasterKeepsThePlace() throws IOException {
    UnixDomainSocketAddress hidden = file.hide();
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(hidden);
      Files.writeString(place.getPath(), "another's");
      assertThatThrownBy(() -> file.appear(hidden, PosixFilePermissions.fromString("rwx------")))
          .hasMessageContaining("a process does");
    }
    SocketFile.unhide(hidden);
    assertThat(place.getPath()).hasContent("another's");
  }
}
