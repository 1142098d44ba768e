package io.kumo.server;

import io.kumo.core.cli.DataSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How fast the stored checksums are looked at in the background. */
final class ScrubOptions {
  private static final String OFF = "off";

  @Option(
      names = "--scrub-rate",
      paramLabel = "SIZE",
      defaultValue = "1m",
      converter = Rate.class,
      description =
          "Bytes a second that are read in the background, to find what is damaged on the disk;"
              + " a record counts as 4k at least; off: do not: ${DEFAULT-VALUE}.")
  private DataSize rate = new DataSize(0);

  long bytesPerSecond() {
    return rate.bytes();
  }

  /** A size, or off. */
  static final class Rate implements ITypeConverter<DataSize> {
    @Override
    public DataSize convert(String text) {
      return text.equals(OFF) ? new DataSize(0) : DataSize.parse(text);
    }
  }
}
