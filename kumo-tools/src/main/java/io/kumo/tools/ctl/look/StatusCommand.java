package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the cluster. */
@Command(
    name = "status",
    aliases = "stat",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Servers and their states; exit 3 when one is fault, or says that its disk is full. With"
            + " -o table, wide or json also managers, gateways, what the cluster bears, and who"
            + " goes by other hash spaces, which is exit 3, too.")
public final class StatusCommand extends CtlCommand {
  @Mixin private WatchOptions watch = new WatchOptions();

  @Override
  protected ExitStatus run() {
    return watch.repeat(printer(), () -> ClusterStatus.print(printer(), manager()));
  }
}
