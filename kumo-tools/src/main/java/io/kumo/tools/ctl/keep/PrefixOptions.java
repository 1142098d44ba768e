package io.kumo.tools.ctl.keep;

import picocli.CommandLine.Option;

/** Belongs to keys and export. */
final class PrefixOptions {
  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only keys that begin with it.")
  private String prefix = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
  private long limit = Long.MAX_VALUE;

  String prefix() {
    return prefix;
  }

  long limit() {
    return limit;
  }
}
