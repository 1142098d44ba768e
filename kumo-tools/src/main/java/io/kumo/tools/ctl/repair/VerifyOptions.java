package io.kumo.tools.ctl.repair;

import io.kumo.core.cli.CliException;
import io.kumo.core.ring.HashRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Belongs to verify. */
final class VerifyOptions {
  private static final int HEX = 16;

  @Option(
      names = "--repair",
      description = "Give every replica the newest record where they differ.")
  private boolean repair;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20000",
      description =
          "Copies of records a second that each server compares at most; 0 for as many as it can,"
              + " though clients wait (default: ${DEFAULT-VALUE}).")
  private long rate = 20_000;

  @Option(
      names = "--range",
      paramLabel = "FROM-TO",
      description = "Hashes to look at, 16 hexadecimal digits each, both included (default: all).")
  private @Nullable String range;

  @Option(names = "--wait", description = "Return when it has ended, with what came of it.")
  private boolean wait;

  @Option(names = "--show", description = "How far it is, or what came of it last.")
  private boolean show;

  @Option(names = "--stop", description = "End the one that runs.")
  private boolean stop;

  boolean repairs() {
    return repair;
  }

  boolean waits() {
    return wait;
  }

  boolean shows() {
    return show;
  }

  boolean stops() {
    return stop;
  }

  long rate() {
    if (rate < 0) {
      throw CliException.usage("--rate must not be negative");
    }
    return rate;
  }

  HashRange range() {
    String text = range;
    if (text == null) {
      return HashRange.ALL;
    }
    try {
      String[] ends = text.split("-", -1);
      if (ends.length == 2) {
        return new HashRange(
            Long.parseUnsignedLong(ends[0], HEX), Long.parseUnsignedLong(ends[1], HEX));
      }
    } catch (IllegalArgumentException e) {
      throw CliException.usage("--range: " + e.getMessage());
    }
    throw CliException.usage("--range is FROM-TO, such as 0000000000000000-0fffffffffffffff");
  }
}
