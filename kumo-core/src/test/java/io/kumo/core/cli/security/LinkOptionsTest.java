package io.kumo.core.cli.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.cli.CliException;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Where secrets and certificates come from, and what is said when there are none. */
class LinkOptionsTest {
  private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 19700);
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 19700);

  @TempDir Path directory;

  @Test
  void nothingGivenIsOpen() {
    assertThat(open(Map.of("HOME", directory.toString())).isOpen()).isTrue();
  }

  @Test
  void aSecretComesFromTheCommandLineTheEnvironmentOrTheUsersFolder() throws IOException {
    Path secret = secret("secret", "rw-------");
    assertThat(open(home(), "--secret-file", secret.toString()).kind()).isEqualTo("secret");
    Map<String, String> environment =
        Map.of("HOME", directory.toString(), "KUMO_SECRET_FILE", secret.toString());
    assertThat(open(environment).kind()).isEqualTo("secret");
    Files.createDirectories(directory.resolve(".config/kumo"));
    Files.move(secret, directory.resolve(".config/kumo/cluster.secret"));
    assertThat(open(home()).kind()).isEqualTo("secret");
  }

  @Test
  void certificatesComeWhole() {
    TlsFiles files = TestCertificates.copy("node", directory);
    String[] all = {
      "--cluster-cert", files.certificate().toString(),
      "--cluster-key", files.key().toString(),
      "--cluster-ca", String.valueOf(files.authority())
    };
    assertThat(open(home(), all).kind()).isEqualTo("tls");
    assertThatThrownBy(() -> open(home(), "--cluster-cert", files.certificate().toString()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--cluster-key and --cluster-ca go together");
  }

  @Test
  void aSecretThatCannotBeUsedIsNamed() throws IOException {
    Path readable = secret("readable", "rw-r--r--");
    assertThatThrownBy(() -> open(home(), "--secret-file", readable.toString()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("chmod 600 " + readable);
    Path weak = secret("weak", "rw-------");
    Files.writeString(weak, "short\n");
    assertThatThrownBy(() -> open(home(), "--secret-file", weak.toString()))
        .hasMessageContaining("weak: a secret has from 16 to");
    Files.writeString(weak, "sixteen bytes or 1\nsixteen bytes or 2\nsixteen bytes or 3\n");
    assertThatThrownBy(() -> open(home(), "--secret-file", weak.toString()))
        .hasMessageContaining("two at most");
  }

  @Test
  void originalsAreNamedByHostOrByPort() {
    ClusterSecurity security =
        open(home(), "--allow-original", "10.0.0.1", "--allow-original", "10.0.0.2:19800");
    assertThat(security.originals().mayConnectFrom("10.0.0.2")).isTrue();
    assertThat(security.originals().mayConnectFrom("10.0.0.3")).isFalse();
    assertThat(security.originals().isAt(address(1, 5))).isTrue();
    assertThat(security.originals().isAt(address(2, 19800))).isTrue();
    assertThat(security.originals().isAt(address(2, 19801))).isFalse();
  }

  @Test
  void anOpenPortOffLoopbackIsRefusedWhereSecurityIsRequired() {
    DaemonSecurityOptions required =
        CommandLine.populateCommand(new DaemonSecurityOptions(), "--require-security");
    ClusterSecurity nothing = ClusterSecurity.open(LinkRole.SERVER);
    assertThatThrownBy(() -> required.clusterPorts(nothing, List.of(LOOPBACK, ELSEWHERE)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("192.0.2.1:19700 would be open to everybody")
        .hasMessageContaining("--secret-file");
    assertThatCode(() -> required.clusterPorts(nothing, List.of(LOOPBACK)))
        .doesNotThrowAnyException();
    DaemonSecurityOptions lenient =
        CommandLine.populateCommand(new DaemonSecurityOptions(), new String[0]);
    assertThatCode(() -> lenient.clusterPorts(nothing, List.of(ELSEWHERE)))
        .doesNotThrowAnyException();
  }

  private Map<String, String> home() {
    return Map.of("HOME", directory.toString());
  }

  private static ClusterSecurity open(Map<String, String> environment, String... arguments) {
    return CommandLine.populateCommand(new LinkOptions(), arguments)
        .open(LinkRole.SERVER, new Reloads(new SecurityMetrics()), environment);
  }

  private Path secret(String name, String permissions) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "sixteen bytes or more\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  private static NodeAddress address(int host, int port) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) host}, port);
  }
}
