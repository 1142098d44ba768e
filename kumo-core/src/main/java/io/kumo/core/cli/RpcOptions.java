package io.kumo.core.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How a daemon connects to its peers and how finely it counts their time-outs. */
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

  @Option(
      names = {"-Ci", "--clock-interval"},
      paramLabel = "DURATION",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description =
          "Granularity of RPC time-outs: a call fails after ten to eleven of these"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration clockInterval = Duration.ofSeconds(2);

  /** Per connect attempt. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Attempts after the first one before a peer counts as lost. */
  public int connectRetryLimit() {
    return connectRetryLimit;
  }

  /** A tenth of the time after which an unanswered call fails. */
  public Duration clockInterval() {
    return clockInterval;
  }
}
