package io.kumo.core.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How a daemon connects to its peers. */
public final class RpcOptions {

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

  /** In the form that endpoints take. */
  public io.kumo.core.rpc.RpcOptions toEndpointOptions() {
    return io.kumo.core.rpc.RpcOptions.DEFAULT
        .withConnectTimeout(connectTimeout)
        .withConnectRetryLimit(connectRetryLimit);
  }
}
