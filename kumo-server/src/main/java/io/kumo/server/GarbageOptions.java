package io.kumo.server;

import io.kumo.core.cli.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How long the traces of deletes are kept. */
final class GarbageOptions {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageOptions.class);

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
      description =
          "Traces of deletes are dropped after this, once every server answers that they are on all"
              + " replicas: ${DEFAULT-VALUE}.")
  private Duration garbageMaxTime = Duration.ZERO;

  @Option(
      names = {"-gS", "--garbage-mem-limit"},
      paramLabel = "KIB",
      description =
          "Accepted for scripts of kumofs; without effect: traces of deletes are on disk, not in"
              + " memory.")
  private @Nullable Long garbageMemLimitKib;

  ServerConfig.Garbage toConfig() {
    return new ServerConfig.Garbage(
        garbageMinTime.compareTo(garbageMaxTime) > 0 ? garbageMinTime : garbageMaxTime);
  }

  void warnOfSettingsWithoutEffect() {
    if (garbageMemLimitKib != null) {
      LOG.warn(
          "without effect: -gS {}; traces of deletes are on disk, for as long as -gX says",
          garbageMemLimitKib);
    }
  }
}
