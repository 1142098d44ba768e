package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.StatusView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows gateways. */
@Command(
    name = "gateways",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Gateways that have come to this manager, a line for each; exit 3 as of status.")
public final class GatewaysCommand extends CtlCommand {
  @Mixin private WatchOptions watch = new WatchOptions();

  @Override
  protected ExitStatus run() {
    return watch.repeat(
        printer(), () -> ClusterStatus.print(printer(), manager(), StatusView::gateways));
  }
}
