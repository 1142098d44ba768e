package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import picocli.CommandLine.Option;

/** How fast records are read or written. */
final class RateOption {
  @Option(
      names = "--rate",
      paramLabel = "SIZE",
      defaultValue = "64m",
      converter = DataSize.Converter.class,
      description = "Bytes of records a second, at most (default: ${DEFAULT-VALUE}).")
  private DataSize rate = new DataSize(64 << 20);

  long bytesPerSecond() {
    if (rate.bytes() < 1) {
      throw CliException.usage("--rate must be at least 1");
    }
    return rate.bytes();
  }
}
