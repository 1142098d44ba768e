package io.kumo.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster in this process, used as its users do. */
class LocalClusterTest {
  @TempDir Path folder;

  @Test
  void itServesFromItsFirstMomentAndLeavesNothing() throws IOException {
    Path records;
    int port;
    try (LocalCluster cluster = LocalCluster.start()) {
      records = cluster.folder();
      port = cluster.memcached().getPort();
      assertThat(cluster.servers()).hasSize(3);
      assertThat(records).isDirectory();
      try (TextClient client = new TextClient(cluster.memcached())) {
        for (int i = 0; i < 100; i++) {
          assertThat(client.ask("set key" + i + " 0 0 1\r\nx")).isEqualTo("STORED");
        }
        assertThat(client.get("key7")).isEqualTo("x");
        assertThat(client.get("none")).isEqualTo("END");
      }
    }
    assertThat(records).doesNotExist();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void withASecretItIsForThoseWhoHaveIt() throws IOException {
    ClusterSecrets secrets =
        new ClusterSecrets(List.of(new Secret("sixteen bytes or more".getBytes(US_ASCII))));
    ClusterSecurity security =
        new ClusterSecurity(
            LinkRole.MANAGER, () -> secrets, null, AllowedOriginals.NONE, TimeSource.system());
    try (LocalCluster cluster = LocalCluster.start(LocalConfig.DEFAULT.withServers(1), security);
        TextClient client = new TextClient(cluster.memcached());
        Socket stranger = new Socket(cluster.manager().getAddress(), cluster.manager().getPort())) {
      assertThat(client.ask("set key 0 0 1\r\nx")).isEqualTo("STORED");
      stranger.setSoTimeout(30_000);
      stranger.getOutputStream().write(0x94);
      assertThat(stranger.getInputStream().read()).as("end of the stream").isNegative();
    }
  }

  @Test
  void twoStandSideBySide() throws IOException {
    LocalConfig one = LocalConfig.DEFAULT.withServers(1);
    try (LocalCluster first = LocalCluster.start(one);
        LocalCluster second = LocalCluster.start(one);
        TextClient client = new TextClient(first.memcached());
        TextClient other = new TextClient(second.memcached())) {
      assertThat(client.ask("set key 0 0 1\r\nx")).isEqualTo("STORED");
      assertThat(other.get("key")).isEqualTo("END");
    }
  }

  @Test
  void aFolderOfItsOwnIsKeptAndServedAgain() throws IOException {
    LocalConfig kept = LocalConfig.DEFAULT.withServers(2).withFolder(folder.resolve("records"));
    try (LocalCluster cluster = LocalCluster.start(kept);
        TextClient client = new TextClient(cluster.memcached())) {
      assertThat(client.ask("set key 0 0 4\r\nkept")).isEqualTo("STORED");
    }
    try (LocalCluster again = LocalCluster.start(kept.withServers(0));
        TextClient client = new TextClient(again.memcached())) {
      assertThat(again.servers()).hasSize(2);
      assertThat(client.get("key")).isEqualTo("kept");
    }
    try (LocalCluster more = LocalCluster.start(kept.withServers(3));
        TextClient client = new TextClient(more.memcached())) {
      assertThat(more.servers()).hasSize(3);
      assertThat(client.get("key")).isEqualTo("kept");
    }
    assertThatThrownBy(() -> LocalCluster.start(kept.withServers(1)))
        .hasMessageContaining("records of 3 servers");
  }

  @Test
  void aPortThatIsTakenIsNamedAndNothingIsLeft() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    long before = localFolders(temporary);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LocalConfig config =
          LocalConfig.DEFAULT
              .withServers(1)
              .withMemcached(new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort()));
      assertThatThrownBy(() -> LocalCluster.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    assertThat(localFolders(temporary)).isEqualTo(before);
  }

  private static long localFolders(Path temporary) throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith("kumo-local-")).count();
    }
  }

  @Test
  void boundsAndNonsenseAreRefused() throws IOException {
    assertThatThrownBy(() -> LocalConfig.DEFAULT.withServers(17))
        .hasMessage("servers must be from 1 to 16");
    Files.writeString(folder.resolve(LocalFolder.ADDRESSES), "server.1=nonsense\n");
    assertThatThrownBy(() -> LocalCluster.start(LocalConfig.DEFAULT.withFolder(folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not say server.1=HOST:PORT");
  }
}
