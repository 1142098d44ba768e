package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.tools.ServerZone;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of the commands that move records. */
final class RebalanceOptions {

  @Option(
      names = "--wait",
      description =
          "Show how far the rebalance is, and return when it has ended: 0 it is done, 1 it was"
              + " given up or lost sight of, 3 there is nothing to rebalance. Ending kumoctl does"
              + " not end the rebalance.")
  private boolean waits;

  @Option(
      names = "--dry-run",
      description = "Only print what would be copied between which servers.")
  private boolean dryRun;

  @Option(
      names = "--zone",
      paramLabel = "SERVER[:PORT]=NAME",
      converter = ServerZone.Converter.class,
      description =
          "With --dry-run: suppose that a server is in this zone; once for each server. Servers say"
              + " themselves where they are: kumo-server --zone.")
  private List<ServerZone> zones = new ArrayList<>();

  boolean waits() {
    return waits;
  }

  boolean dryRun() {
    if (dryRun && waits) {
      throw CliException.usage("--wait and --dry-run exclude each other");
    }
    if (!zones.isEmpty() && !dryRun) {
      throw CliException.usage("--zone goes with --dry-run: servers say themselves where they are");
    }
    return dryRun;
  }

  /** What is only supposed. */
  List<ServerZone> zones() {
    return zones;
  }
}
