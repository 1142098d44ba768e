package io.kumo.tools.ctl.look;

import picocli.CommandLine.Option;

/** Belongs to commands that show lists. */
final class RowsOptions {
  @Option(
      names = {"-n", "--rows"},
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many of each kind (default: ${DEFAULT-VALUE}).")
  private int most = 20;

  int most() {
    return most;
  }
}
