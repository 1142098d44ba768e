package io.kumo.core.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.SecurityMetric;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real handshakes between {@link ServerTls} and {@link ClientTls} over loopback. */
class TlsTest {
  @TempDir Path directory;

  private final SecurityMetrics metrics = new SecurityMetrics();
  private final Reloads reloads = new Reloads(metrics);
  private ClientCertificates asked = ClientCertificates.REQUIRED;

  @Test
  void bothEndsKnowEachOther() throws Exception {
    assertThat(subjectSeenBy(client("client"), server("node"))).contains("CN=node");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    ServerTls stranger = server("stranger");
    assertThatThrownBy(() -> subjectSeenBy(client("client"), stranger))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void aClientOfAnotherAuthorityIsRefused() throws Exception {
    ServerTls node = server("node");
    ClientTls stranger =
        ClientTls.open("test", TestCertificates.copy("stranger", directory), time(), reloads);
    assertThatThrownBy(() -> subjectSeenBy(stranger, node)).isInstanceOf(IOException.class);
  }

  @Test
  void aServerAtAnAddressThatItsCertificateDoesNotNameIsRefused() throws Exception {
    ServerTls elsewhere = server("elsewhere");
    assertThatThrownBy(() -> subjectSeenBy(client("client"), elsewhere))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void aClientShowsNoCertificateWhereNoneIsAskedFor() throws Exception {
    TlsFiles node = TestCertificates.copy("node", directory);
    assertThat(subjectSeenBy(ClientTls.withoutCertificate(node.authority()), asksNobody("node")))
        .contains("CN=node");
  }

  @Test
  void withoutACertificateTheServersIsCheckedAllTheSame() throws Exception {
    Path authority = TestCertificates.copy("node", directory).authority();
    for (String name : new String[] {"stranger", "elsewhere"}) {
      ServerTls refused = asksNobody(name);
      assertThatThrownBy(() -> subjectSeenBy(ClientTls.withoutCertificate(authority), refused))
          .isInstanceOf(SSLException.class);
    }
    ServerTls node = asksNobody("node");
    assertThatThrownBy(() -> subjectSeenBy(ClientTls.withoutCertificate(null), node))
        .as("no authority that the JDK knows has made it")
        .isInstanceOf(SSLException.class);
  }

  @Test
  void whoTrustsAnybodyTakesEveryCertificate() throws Exception {
    for (String name : new String[] {"node", "stranger", "elsewhere"}) {
      assertThat(subjectSeenBy(ClientTls.trustingAnybody(), asksNobody(name)))
          .contains("CN=" + name);
    }
  }

  @Test
  void aReplacedCertificateCountsFromTheNextConnectionOn() throws Exception {
    TlsFiles files = TestCertificates.copy("node", directory);
    ServerTls server = open(files);
    ClientTls client = client("client");
    TestCertificates.replace(files, "node2");
    reloads.look();
    assertThat(subjectSeenBy(client, server)).as("half a change may be seen").contains("CN=node");
    reloads.look();
    assertThat(subjectSeenBy(client, server)).contains("CN=node2");
  }

  @Test
  void aBadCertificateChangesNothingAndIsSaidOnce() throws Exception {
    TlsFiles files = TestCertificates.copy("node", directory);
    ServerTls server = open(files);
    Files.writeString(files.certificate(), "nonsense");
    for (int i = 0; i < 5; i++) {
      reloads.look();
    }
    assertThat(subjectSeenBy(client("client"), server)).contains("CN=node");
    assertThat(metrics.get(SecurityMetric.FAILED_RELOADS)).isEqualTo(1);
    Reloads.Report report = reloads.reloadAll();
    assertThat(report.failed()).isTrue();
    assertThat(report.lines().get(0))
        .startsWith("the certificate for test not reloaded, the old one stays: ")
        .contains("node.crt: no certificate in PEM form");
    TestCertificates.replace(files, "node2");
    assertThat(reloads.reloadAll().failed()).isFalse();
    assertThat(subjectSeenBy(client("client"), server)).contains("CN=node2");
  }

  @Test
  void whatCannotBeUsedIsNamedAtTheStart() throws Exception {
    TlsFiles node = TestCertificates.copy("node", directory);
    TlsFiles other = TestCertificates.copy("client", directory);
    assertRefused(new TlsFiles(node.certificate(), other.key(), null), "client.key: not the key");
    assertRefused(TestCertificates.copy("expired", directory), "expired.crt: the certificate is");
    assertRefused(new TlsFiles(node.key(), node.key(), null), "no certificate");
    assertRefused(
        new TlsFiles(node.certificate(), node.certificate(), null), "it has no key (BEGIN");
    Path none = directory.resolve("none");
    assertRefused(new TlsFiles(none, node.key(), null), "none: no such file");
    Files.setPosixFilePermissions(node.key(), PosixFilePermissions.fromString("rw----r--"));
    assertRefused(node, "node.key: others than its owner may read or write it; do: chmod 600");
  }

  @Test
  void aKeyOfAnOlderFormTellsHowToConvertIt() throws Exception {
    TlsFiles node = TestCertificates.copy("node", directory);
    String key = Files.readString(node.key());
    Files.writeString(node.key(), key.replace("PRIVATE KEY", "EC PRIVATE KEY"));
    assertRefused(node, "a key of the form EC PRIVATE KEY; do: openssl pkcs8");
  }

  @Test
  void theTimeUntilTheCertificateExpiresIsShown() throws Exception {
    server("node");
    Measurement shown =
        metrics.measurements().stream()
            .filter(m -> m.name().equals(SecurityMetrics.CERTIFICATE_EXPIRY))
            .findFirst()
            .orElseThrow();
    assertThat(shown.labels()).containsEntry("use", "test");
    assertThat(shown.value()).isBetween(1_000_000_000L, 3_200_000_000L);
  }

  /** It would have the server sign as often as it likes. */
  @Test
  void whoIsConnectedShakesHandsOnce() throws Exception {
    ServerTls server = asksNobody("node");
    ClientTls client =
        ClientTls.withoutCertificate(TestCertificates.copy("node", directory).authority());
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server.jdkContext().getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listening.setEnabledProtocols(new String[] {"TLSv1.2"});
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> echo(listening));
      Socket connected = new Socket(loopback, listening.getLocalPort());
      try (SSLSocket socket = client.over(connected, "127.0.0.1", listening.getLocalPort())) {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
        assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  socket.getOutputStream().write(7);
                  if (socket.getInputStream().read() < 0) {
                    throw new IOException("refused");
                  }
                })
            .isInstanceOf(IOException.class);
      } finally {
        served.exceptionally(failed -> null).join();
      }
    }
  }

  private static void echo(SSLServerSocket listening) {
    try (Socket accepted = listening.accept()) {
      for (int next = read(accepted); next >= 0; next = read(accepted)) {
        accepted.getOutputStream().write(next);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int read(Socket socket) throws IOException {
    return socket.getInputStream().read();
  }

  private void assertRefused(TlsFiles files, String why) {
    assertThatThrownBy(() -> open(files))
        .isInstanceOf(SecurityFileException.class)
        .hasMessageContaining(why);
  }

  private ServerTls server(String name) throws IOException {
    return open(TestCertificates.copy(name, directory));
  }

  private ServerTls asksNobody(String name) throws IOException {
    TlsFiles files = TestCertificates.copy(name, directory);
    asked = ClientCertificates.NONE;
    return open(files);
  }

  private ServerTls open(TlsFiles files) throws IOException {
    return ServerTls.open("test", files, asked, time(), reloads);
  }

  private ClientTls client(String name) throws IOException {
    return ClientTls.open("test", TestCertificates.copy(name, directory), time(), reloads);
  }

  private static TimeSource time() {
    return TimeSource.system();
  }

  /** Connects, exchanges a byte, and tells who the server is. */
  private String subjectSeenBy(ClientTls client, ServerTls server) throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server.jdkContext().getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listening.setNeedClientAuth(asked == ClientCertificates.REQUIRED);
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(listening));
      Socket connected = new Socket(loopback, listening.getLocalPort());
      try (SSLSocket socket = client.over(connected, "127.0.0.1", listening.getLocalPort())) {
        if (socket.getInputStream().read() != 1) {
          throw new IOException("refused");
        }
        X509Certificate seen = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return seen.getSubjectX500Principal().getName();
      } finally {
        served.exceptionally(failed -> null).join();
      }
    }
  }

  private static void serve(SSLServerSocket listening) {
    try (Socket accepted = listening.accept()) {
      accepted.getOutputStream().write(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
