package io.kumo.gateway;

import io.kumo.core.auth.UserFile;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.cli.security.CertificateOptions;
import io.kumo.core.cli.security.DaemonSecurityOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.SecretFiles;
import io.kumo.core.security.SecurityFileException;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What clients have to show. */
final class ClientSecurityOptions {
  @Option(
      names = "--auth-file",
      paramLabel = "FILE",
      description =
          "Serve only clients that give the name and password of a user in this file, of which"
              + " memcached's form (-Y) is one: NAME:PASSWORD lines; kumoctl user makes better"
              + " ones. Only its owner may read it; it is read again when it changes.")
  private @Nullable Path authFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Have clients speak TLS 1.2 or 1.3, and show them this certificate (PEM, with those that"
              + " certify it behind it). It is read again when it changes.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key (PEM); only its owner may read it.")
  private @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Serve only clients with a certificate of this authority (PEM).")
  private @Nullable Path clientAuthority;

  /**
   * Reads the files.
   *
   * @param listen where clients connect
   * @param reloads keeps an eye on the files
   * @throws IOException when one of them cannot be used; the message says which and why
   */
  ClientSecurity open(List<SocketAddress> listen, Reloads reloads) throws IOException {
    requireSense(listen);
    return new ClientSecurity(users(reloads), tls(reloads));
  }

  private void requireSense(List<SocketAddress> listen) {
    TlsFiles files = files();
    if (clientAuthority != null && files == null) {
      throw CliException.usage("--tls-client-ca needs --tls-cert and --tls-key");
    }
    for (SocketAddress address : listen) {
      if (authFile != null && files == null && !ListenAddress.isLocal(address)) {
        throw CliException.usage(
            "passwords would go to "
                + ListenAddress.text(address)
                + " for everybody to read: --auth-file off loopback needs --tls-cert and"
                + " --tls-key");
      }
    }
  }

  /** Says which ports are open to strangers, or throws {@link CliException} if none may be. */
  void tellOpenPorts(ClientPorts ports, DaemonSecurityOptions security) {
    if (authFile == null && clientAuthority == null) {
      List<InetSocketAddress> open =
          ports.all().stream()
              .filter(InetSocketAddress.class::isInstance)
              .map(InetSocketAddress.class::cast)
              .toList();
      security.openPorts(
          open,
          "read, change and erase every record",
          "Have clients say who they are by --auth-file, or --tls-client-ca (docs/users.md)");
    }
  }

  private @Nullable Supplier<UserFile> users(Reloads reloads) throws IOException {
    Path file = authFile;
    return file == null
        ? null
        : reloads.load("the user file", List.of(file), () -> read(file))::get;
  }

  private static UserFile read(Path file) throws IOException {
    byte[] bytes = SecretFiles.read(file);
    try {
      return UserFile.parse(bytes);
    } catch (IOException e) {
      throw new SecurityFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable ServerTls tls(Reloads reloads) throws IOException {
    TlsFiles files = files();
    if (files == null) {
      return null;
    }
    ClientCertificates asked =
        clientAuthority == null ? ClientCertificates.NONE : ClientCertificates.REQUIRED;
    return ServerTls.open("clients", files, asked, TimeSource.system(), reloads);
  }

  private @Nullable TlsFiles files() {
    return CertificateOptions.files(certificate, key, clientAuthority);
  }
}
