package io.kumo.core.cli;

import io.kumo.core.http.HttpEndpoint;
import io.kumo.core.http.Shown;
import java.io.IOException;
import java.net.InetSocketAddress;
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

  /** Throws {@link CliException} when it is asked for and could not be answered there. */
  public void requireFree() {
    if (address != null) {
      PortCheck.requireFree(address);
    }
  }

  /**
   * Shows it from now on, if that is asked for.
   *
   * @param shown asked for once, and only if it is to be shown
   * @return ends it
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public Open show(Supplier<Shown> shown) throws IOException {
    return address == null ? () -> {} : HttpEndpoint.start(address, shown.get())::close;
  }

  /** An endpoint that answers, or would. */
  @FunctionalInterface
  public interface Open extends AutoCloseable {
    @Override
    void close();
  }
}
