package io.kumo.core.cli.option;

import io.kumo.core.cli.DurationConverter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/**
 * Options of kumofs 0.4.13 that have no meaning here, accepted so that scripts written for it go on
 * working. The log says once that they do nothing.
 */
final class CompatibilityOptions {

  private static final Logger LOG = LoggerFactory.getLogger(CompatibilityOptions.class);
  private static final String TEXT = "Accepted for scripts of kumofs; without effect: ";

  @Option(
      names = {"-Ci", "--clock-interval"},
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = TEXT + "every call has a deadline of its own.")
  private @Nullable Duration clockInterval;

  @Option(
      names = {"-TW", "--write-threads"},
      paramLabel = "N",
      description = TEXT + "event loops write.")
  private @Nullable Integer writeThreads;

  @Option(
      names = {"-TR", "--read-threads"},
      paramLabel = "N",
      description = TEXT + "event loops read.")
  private @Nullable Integer readThreads;

  void warn() {
    List<String> given = new ArrayList<>();
    if (clockInterval != null) {
      given.add("-Ci");
    }
    if (writeThreads != null) {
      given.add("-TW");
    }
    if (readThreads != null) {
      given.add("-TR");
    }
    if (!given.isEmpty()) {
      LOG.warn("without effect, as kumo needs none of it: {}", String.join(" ", given));
    }
  }
}
