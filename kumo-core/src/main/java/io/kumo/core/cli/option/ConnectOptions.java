package io.kumo.core.cli.option;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.rpc.RpcOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How a daemon connects to its peers. */
public final class ConnectOptions {

  @Option(
      names = {"-Ys", "--connect-timeout"},
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "Give up one attempt to connect after this (default: ${DEFAULT-VALUE}).")
  private Duration connectTimeout = Duration.ofSeconds(10);

  @Option(
      names = {"-Yn", "--connect-retry-limit"},
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Call a peer lost after this many further attempts (default: ${DEFAULT-VALUE}).")
  private int connectRetryLimit = 4;

  /** In the form that endpoints take. Throws {@link CliException} when a bound is not kept. */
  public RpcOptions toEndpointOptions() {
    if (connectRetryLimit < 0) {
      throw CliException.usage("-Yn must not be negative");
    }
    if (connectTimeout.toMillis() < 1) {
      throw CliException.usage("-Ys must be at least 1ms");
    }
    return RpcOptions.DEFAULT
        .withConnectTimeout(connectTimeout)
        .withConnectRetryLimit(connectRetryLimit);
  }
}
