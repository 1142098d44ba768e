package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.StatusView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows managers and servers. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Managers and servers, a line for each; exit 3 as of status.")
public final class NodesCommand extends CtlCommand {
  @Mixin private WatchOptions watch = new WatchOptions();

  @Override
  protected ExitStatus run() {
    return watch.repeat(
        printer(), () -> ClusterStatus.print(printer(), manager(), StatusView::nodes));
  }
}
