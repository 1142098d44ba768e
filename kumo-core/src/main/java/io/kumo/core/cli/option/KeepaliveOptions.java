package io.kumo.core.cli.option;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.protocol.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/**
 * The keepalive interval of managers and servers. A gateway uses {@link LongOnly}, because its
 * {@code -k} is the key prefix.
 */
public final class KeepaliveOptions {
  private static final Duration MINIMUM = Duration.ofNanos(Limits.MIN_KEEPALIVE_NS);
  private static final String TEXT =
      "Ask peers for a heartbeat this often; three missed and a peer is lost"
          + " (default: ${DEFAULT-VALUE}).";

  @Option(
      names = {"-k", "--keepalive-interval"},
      paramLabel = "DURATION",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description = TEXT)
  private Duration interval = Duration.ofSeconds(2);

  /** Throws {@link CliException} when it is too short. */
  public Duration interval() {
    return atLeastMinimum(interval, "-k");
  }

  private static Duration atLeastMinimum(Duration interval, String option) {
    if (interval.compareTo(MINIMUM) < 0) {
      throw CliException.usage(option + " must be at least " + MINIMUM.toMillis() + "ms");
    }
    return interval;
  }

  /** The long name alone, for a gateway: managers are all that it asks without being asked. */
  public static final class LongOnly {

    @Option(
        names = "--keepalive-interval",
        paramLabel = "DURATION",
        defaultValue = "2s",
        converter = DurationConverter.class,
        description =
            "Ask the managers for hash spaces this often; three missed and one does not answer"
                + " (default: ${DEFAULT-VALUE}).")
    private Duration interval = Duration.ofSeconds(2);

    /** Throws {@link CliException} when it is too short. */
    public Duration interval() {
      return atLeastMinimum(interval, "--keepalive-interval");
    }
  }
}
