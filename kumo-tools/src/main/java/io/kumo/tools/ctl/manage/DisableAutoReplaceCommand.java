package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.tools.ctl.command.CtlCommand;
import picocli.CommandLine.Command;

/** Leaves rebalances to the operator. */
@Command(
    name = "disable-auto-replace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Leave that to the operator.")
public final class DisableAutoReplaceCommand extends CtlCommand {

  @Override
  protected ExitStatus run() {
    return order(new SetAutoReplace(false));
  }
}
