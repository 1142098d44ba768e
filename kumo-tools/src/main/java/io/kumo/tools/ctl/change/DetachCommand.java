package io.kumo.tools.ctl.change;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.admin.DetachFaultServers;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Drops servers. */
@Command(
    name = "detach",
    aliases = "remove",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Drop all fault servers, or those that are named, and rebalance. One that serves is not"
            + " dropped: drain it.")
public final class DetachCommand extends MovingCommand {
  @Mixin private ServersOptions named = new ServersOptions();
  @Mixin private RebalanceOptions rebalance = new RebalanceOptions();

  @Override
  protected ExitStatus run() {
    if (!named.servers().isEmpty()) {
      return change(NamedServers.of(List.of(), named.servers(), false), rebalance);
    }
    DetachFaultServers order = new DetachFaultServers(true);
    if (rebalance.dryRun()) {
      return move(order, rebalance, MovePreview.DETACH, () -> true);
    }
    AttachReport report = AttachReport.beforeDetach(printer(), manager());
    ExitStatus status = move(order, rebalance, MovePreview.DETACH, report::detached);
    return status == ExitStatus.DONE ? report.status() : status;
  }
}
