package io.kumo.tools.ctl.change;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.AttachNewServers;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes servers in. */
@Command(
    name = "attach",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Take in all new servers, or those that are named, and rebalance. Servers of the cluster"
            + " that run and are not yet heard by the manager are waited for, for 5 s; exit 3 when"
            + " one that runs was not taken in.")
public final class AttachCommand extends MovingCommand {
  @Mixin private ServersOptions named = new ServersOptions();
  @Mixin private RebalanceOptions rebalance = new RebalanceOptions();
  @Mixin private AttachOptions first = new AttachOptions();

  @Override
  protected ExitStatus run() {
    if (!named.servers().isEmpty()) {
      return change(NamedServers.of(named.servers(), List.of(), false), rebalance);
    }
    AttachNewServers order = first.order(true);
    MovePreview.LayoutChange change = MovePreview.attach(first.copies());
    if (rebalance.dryRun()) {
      return move(order, rebalance, change, () -> true);
    }
    AttachReport report = AttachReport.beforeAttach(printer(), manager(), TimeSource.system());
    ExitStatus status = move(order, rebalance, change, report::attached);
    return status == ExitStatus.DONE ? report.status() : status;
  }
}
