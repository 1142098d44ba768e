package io.kumo.server;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long the traces of deletes are kept. */
final class GarbageOptions {
  @Option(
      names = {"-gN", "--garbage-min-time"},
      paramLabel = "DURATION",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description =
          "Traces of deletes are kept at least so long, also where -gX is less: ${DEFAULT-VALUE}.")
  private Duration garbageMinTime = Duration.ZERO;

  @Option(
      names = {"-gX", "--garbage-max-time"},
      paramLabel = "DURATION",
      defaultValue = "3600s",
      converter = DurationConverter.class,
      description = "Traces of deletes are dropped after this: ${DEFAULT-VALUE}.")
  private Duration garbageMaxTime = Duration.ZERO;

  @Option(
      names = {"-gS", "--garbage-mem-limit"},
      paramLabel = "KIB",
      description = "Of kumofs 0.4.13, and refused: traces of deletes are on disk, not in memory.")
  private @Nullable Long garbageMemLimitKib;

  ServerConfig.Garbage toConfig() {
    if (garbageMemLimitKib != null) {
      throw CliException.usage(
          "traces of deletes are on disk, and take no memory that -gS could bound: leave -gS "
              + garbageMemLimitKib
              + " out");
    }
    return new ServerConfig.Garbage(
        garbageMinTime.compareTo(garbageMaxTime) > 0 ? garbageMinTime : garbageMaxTime);
  }
}
