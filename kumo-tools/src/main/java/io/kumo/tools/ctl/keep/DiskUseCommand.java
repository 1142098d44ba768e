package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import picocli.CommandLine.Command;

/** Shows what stores take up. */
@Command(
    name = "du",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "What the stores of all servers take up.")
public final class DiskUseCommand extends CtlCommand {

  @Override
  protected ExitStatus run() {
    return new StoreOrders(printer(), manager()).diskUse();
  }
}
