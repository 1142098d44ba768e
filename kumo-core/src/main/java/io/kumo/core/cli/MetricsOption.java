package io.kumo.core.cli;

import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.MetricsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a daemon shows what it measures. */
public final class MetricsOption {
  @Option(
      names = "--metrics",
      paramLabel = "[HOST:]PORT",
      converter = AddressConverter.Metrics.class,
      description = "Answer GET /metrics for Prometheus here (default: nowhere).")
  private @Nullable InetSocketAddress address;

  /** Throws {@link CliException} when they are asked for and could not be shown there. */
  public void requireFree() {
    if (address != null) {
      PortCheck.requireFree(address);
    }
  }

  /**
   * Shows them from now on, if it is asked to.
   *
   * @param source called for each answer, on a thread of its own
   * @return ends it
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public Shown show(Supplier<List<Measurement>> source) throws IOException {
    return address == null ? () -> {} : MetricsEndpoint.start(address, source)::close;
  }

  /** Metrics that are shown, or would be. */
  @FunctionalInterface
  public interface Shown extends AutoCloseable {
    @Override
    void close();
  }
}
