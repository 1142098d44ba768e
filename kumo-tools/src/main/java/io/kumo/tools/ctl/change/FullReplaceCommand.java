package io.kumo.tools.ctl.change;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rebalances, and compares everything. */
@Command(
    name = "full-replace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Rebalance and compare every record with every replica.")
public final class FullReplaceCommand extends MovingCommand {
  @Mixin private RebalanceOptions rebalance = new RebalanceOptions();

  @Override
  protected ExitStatus run() {
    return rebalance(true, rebalance);
  }
}
