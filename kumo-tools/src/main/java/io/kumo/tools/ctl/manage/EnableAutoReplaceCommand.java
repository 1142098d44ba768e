package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.tools.ctl.command.CtlCommand;
import picocli.CommandLine.Command;

/** Has managers rebalance by themselves. */
@Command(
    name = "enable-auto-replace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Attach, detach and rebalance automatically.")
public final class EnableAutoReplaceCommand extends CtlCommand {

  @Override
  protected ExitStatus run() {
    return order(new SetAutoReplace(true));
  }
}
