package io.kumo.core.cli.option;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.PortCheck;
import io.kumo.core.http.HttpAccess;
import io.kumo.core.http.HttpEndpoint;
import io.kumo.core.http.Shown;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Reloaded;
import io.kumo.core.security.Reloads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a daemon shows what it is and measures. */
public final class HttpOption {
  @Option(
      names = {"--http", "--metrics"},
      paramLabel = "[HOST:]PORT",
      converter = AddressConverter.Metrics.class,
      description =
          "Answer GET /metrics, /healthz, /readyz and /status.json here, a manager also with its"
              + " console at / (default: nowhere).")
  private @Nullable InetSocketAddress address;

  @Option(
      names = "--http-token-file",
      paramLabel = "FILE",
      description =
          "Answer only who gives the token in this file, /healthz aside: Authorization: Bearer"
              + " TOKEN, or any name and the token as password. Two lines while it is replaced.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--http-tls",
      description = "Answer by TLS, with the certificate of --cluster-cert; clients need none.")
  private boolean tls;

  /**
   * Finds out, before anything else starts, whether what is asked for can be and may be.
   *
   * @param daemon by whose certificate it is shown, and whether it may be open to strangers
   * @throws CliException when the port is taken, or would be open where that is not allowed
   * @throws IOException when a file cannot be used; the message says which and why
   */
  public Prepared prepare(DaemonOptions daemon) throws IOException {
    if (address == null) {
      return shown -> () -> {};
    }
    PortCheck.requireFree(address);
    if (tokenFile == null) {
      daemon
          .security()
          .openPorts(
              List.of(address),
              "read what this process shows of itself",
              "Give it a --http-token-file");
    }
    InetSocketAddress local = address;
    HttpAccess access = access(daemon);
    return shown -> HttpEndpoint.start(local, shown.get(), access)::close;
  }

  private HttpAccess access(DaemonOptions daemon) throws IOException {
    Path tokens = tokenFile;
    Reloads reloads = daemon.reloads();
    Reloaded<ClusterSecrets> loaded =
        tokens == null
            ? null
            : reloads.load(
                "the token of --http", List.of(tokens), () -> ClusterSecrets.read(tokens));
    return new HttpAccess(
        loaded == null ? null : loaded::get,
        tls ? daemon.security().tlsForAnybody("HTTP", reloads) : null);
  }

  /** What can be shown. */
  @FunctionalInterface
  public interface Prepared {
    /**
     * Shows it from now on, if that is asked for.
     *
     * @param shown asked for once, and only if it is to be shown
     * @return ends it
     * @throws IOException when the address cannot be bound; the message says which and why
     */
    Open show(Supplier<Shown> shown) throws IOException;
  }

  /** An endpoint that answers, or would. */
  @FunctionalInterface
  public interface Open extends AutoCloseable {
    @Override
    void close();
  }
}
