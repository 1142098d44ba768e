package io.kumo.core.cli.security;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Reloaded;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.LinkTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * By what a daemon or a tool proves that it belongs to a cluster, and has others prove it. What is
 * not given on the command line comes from the environment, and what is not there from the user's
 * folder {@code ~/.config/kumo}.
 */
public final class LinkOptions {
  private static final String FOLDER = "kumo";

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The cluster's secret: who does not prove to have it is refused. One line, or two while it"
              + " is replaced: the first is used, either is accepted (also: KUMO_SECRET_FILE,"
              + " ~/.config/kumo/cluster.secret).")
  private @Nullable Path secretFile;

  @Option(
      names = "--cluster-cert",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "This process's certificate: links between nodes and tools are TLS then, and both ends have"
              + " one (also: KUMO_CLUSTER_CERT, ~/.config/kumo/cluster.crt).")
  private @Nullable Path certificate;

  @Option(
      names = "--cluster-key",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The key of the certificate (also: KUMO_CLUSTER_KEY, ~/.config/kumo/cluster.key).")
  private @Nullable Path key;

  @Option(
      names = "--cluster-ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Who has made the certificates of this cluster (also: KUMO_CLUSTER_CA,"
              + " ~/.config/kumo/ca.crt).")
  private @Nullable Path authority;

  @Option(
      names = "--allow-original",
      paramLabel = "HOST[:PORT]",
      scope = ScopeType.INHERIT,
      converter = AddressConverter.Original.class,
      description =
          "Let a node of kumofs 0.4.13 at this address in without any of it, since it can do none;"
              + " may be given again.")
  private List<InetSocketAddress> originals = new ArrayList<>();

  /**
   * Reads the files. Throws {@link CliException} when they cannot be used, or some are missing.
   *
   * @param reloads keeps an eye on them
   */
  public ClusterSecurity open(LinkRole role, Reloads reloads) {
    return open(role, reloads, System.getenv());
  }

  ClusterSecurity open(LinkRole role, Reloads reloads, Map<String, String> environment) {
    Path secret = find(secretFile, "KUMO_SECRET_FILE", "cluster.secret", environment);
    TimeSource time = TimeSource.system();
    try {
      TlsFiles files = tlsFiles(environment);
      LinkTls tls = files == null ? null : tls(files, time, reloads);
      Reloaded<ClusterSecrets> secrets = secret == null ? null : secrets(secret, reloads);
      return new ClusterSecurity(role, secrets == null ? null : secrets::get, tls, allowed(), time);
    } catch (IOException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  private static Reloaded<ClusterSecrets> secrets(Path file, Reloads reloads) throws IOException {
    return reloads.load("the cluster's secret", List.of(file), () -> ClusterSecrets.read(file));
  }

  private static LinkTls tls(TlsFiles files, TimeSource time, Reloads reloads) throws IOException {
    return new LinkTls(
        ServerTls.open("cluster", files, ClientCertificates.REQUIRED, time, reloads),
        ClientTls.open("connect to nodes", files, time, reloads));
  }

  /** TLS with the same certificate, for those who have none. */
  ServerTls tlsForAnybody(String use, Reloads reloads) throws IOException {
    TlsFiles files = tlsFiles(System.getenv());
    if (files == null) {
      throw CliException.usage("--http-tls needs --cluster-cert, --cluster-key and --cluster-ca");
    }
    TlsFiles own = new TlsFiles(files.certificate(), files.key(), null);
    return ServerTls.open(use, own, ClientCertificates.NONE, TimeSource.system(), reloads);
  }

  private AllowedOriginals allowed() {
    return AllowedOriginals.of(originals.stream().map(NodeAddress::of).toList());
  }

  private @Nullable TlsFiles tlsFiles(Map<String, String> environment) {
    Path ownCertificate = find(certificate, "KUMO_CLUSTER_CERT", "cluster.crt", environment);
    Path ownKey = find(key, "KUMO_CLUSTER_KEY", "cluster.key", environment);
    Path ca = find(authority, "KUMO_CLUSTER_CA", "ca.crt", environment);
    if (ownCertificate == null && ownKey == null && ca == null) {
      return null;
    }
    if (ownCertificate == null || ownKey == null || ca == null) {
      throw CliException.usage("--cluster-cert, --cluster-key and --cluster-ca go together");
    }
    return new TlsFiles(ownCertificate, ownKey, ca);
  }

  private static @Nullable Path find(
      @Nullable Path given, String variable, String name, Map<String, String> environment) {
    String named = environment.get(variable);
    if (given != null) {
      return given;
    }
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    Path inFolder = folder(environment).resolve(name);
    return Files.exists(inFolder) ? inFolder : null;
  }

  /** Where a user's files are looked for. */
  private static Path folder(Map<String, String> environment) {
    String config = environment.get("XDG_CONFIG_HOME");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    Path base = config == null || config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
    return base.resolve(FOLDER);
  }
}
