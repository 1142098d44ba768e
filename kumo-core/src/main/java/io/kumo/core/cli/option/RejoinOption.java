package io.kumo.core.cli.option;

import io.kumo.core.cli.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** When servers that are back take part again without being told to. */
public final class RejoinOption {
  private static final String NEVER = "never";

  @Option(
      names = "--rejoin-after",
      paramLabel = "DURATION|never",
      defaultValue = "30s",
      converter = OrNever.class,
      description =
          "A known server that has been started again rejoins by itself after this long"
              + " (default: ${DEFAULT-VALUE}), one that was only cut off at once; with never both"
              + " wait for kumoctl attach, as in kumofs. Without votes they always do.")
  private Duration after = Duration.ofSeconds(30);

  /** Null for never. */
  public @Nullable Duration after() {
    return after.isNegative() ? null : after;
  }

  /** A duration, or a negative one for {@code never}. */
  static final class OrNever implements ITypeConverter<Duration> {
    private final DurationConverter durations = new DurationConverter();

    @Override
    public Duration convert(String text) {
      return text.equals(NEVER) ? Duration.ofSeconds(-1) : durations.convert(text);
    }
  }
}
