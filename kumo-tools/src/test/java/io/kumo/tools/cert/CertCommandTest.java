package io.kumo.tools.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.cli.Cli;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.link.CertifiedPeer;
import io.kumo.core.transport.LinkProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CertCommandTest {
  @TempDir Path directory;

  private final StringWriter errors = new StringWriter();

  @Test
  void whatItMakesOpensLinksBothWays() throws Exception {
    Path folder = initialized();
    assertThat(run("node", folder.toString(), "127.0.0.1", "localhost")).isZero();
    assertThat(run("client", folder.toString(), "alice")).isZero();
    LinkProof server = meet(files(folder, "127.0.0.1"), files(folder, "alice"));
    assertThat(server.node()).isTrue();
    assertThat(server.hosts()).containsExactlyInAnyOrder("127.0.0.1", "localhost");
  }

  @Test
  void aClientsCertificateIsNoNodesAndNoServers() throws Exception {
    Path folder = initialized();
    run("node", folder.toString(), "127.0.0.1");
    run("client", folder.toString(), "alice");
    assertThatThrownBy(() -> meet(files(folder, "alice"), files(folder, "127.0.0.1")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void everythingIsItsOwnersAlone() throws Exception {
    Path folder = initialized();
    run("node", folder.toString(), "10.0.0.3");
    assertThat(permissions(folder)).isEqualTo("rwx------");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(5).allMatch(file -> permissions(file).equals("rw-------"));
    }
    assertThat(ClusterSecrets.read(folder.resolve("cluster.secret")).all()).hasSize(1);
  }

  @Test
  void nothingIsWrittenOver() throws Exception {
    Path folder = initialized();
    String before = Files.readString(folder.resolve("ca.key"));
    assertThat(run("init", folder.toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("ca.crt: there is one already");
    assertThat(Files.readString(folder.resolve("ca.key"))).isEqualTo(before);
    run("node", folder.toString(), "10.0.0.3");
    assertThat(run("node", folder.toString(), "10.0.0.3")).isEqualTo(1);
  }

  @Test
  void whatCannotBeMadeIsSaidInALine() {
    assertThat(run("node", directory.toString(), "10.0.0.3")).isEqualTo(1);
    assertThat(errors.toString())
        .contains("ca.crt: no such file; kumoctl cert init makes an authority");
    assertThat(run("client", directory.toString(), "../alice")).isEqualTo(2);
    assertThat(errors.toString()).contains("'../alice' cannot be the name of a file");
    assertThat(run("init", directory.resolve("x").toString(), "--validity", "soon")).isEqualTo(2);
  }

  private Path initialized() {
    Path folder = directory.resolve("certificates");
    assertThat(run("init", folder.toString())).isZero();
    return folder;
  }

  private int run(String... arguments) {
    CommandLine line = Cli.commandLine(new CertCommand());
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(errors));
    return line.execute(arguments);
  }

  private static TlsFiles files(Path folder, String name) {
    return new TlsFiles(
        folder.resolve(name + ".crt"), folder.resolve(name + ".key"), folder.resolve("ca.crt"));
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What the one that connects to the other learns of it. */
  private static LinkProof meet(TlsFiles listens, TlsFiles connects) throws Exception {
    Reloads reloads = new Reloads(new SecurityMetrics());
    TimeSource time = TimeSource.system();
    ServerTls server = ServerTls.open("test", listens, ClientCertificates.REQUIRED, time, reloads);
    ClientTls client = ClientTls.open("test", connects, time, reloads);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server.jdkContext().getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listening.setNeedClientAuth(true);
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> greet(listening));
      Socket connected = new Socket(loopback, listening.getLocalPort());
      try (SSLSocket socket = client.over(connected, "127.0.0.1", listening.getLocalPort())) {
        if (socket.getInputStream().read() != 1) {
          throw new IOException("refused");
        }
        return CertifiedPeer.proof(socket.getSession().getPeerCertificates());
      } finally {
        served.exceptionally(failed -> null).join();
      }
    }
  }

  private static void greet(SSLServerSocket listening) {
    try (Socket accepted = listening.accept()) {
      accepted.getOutputStream().write(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
