package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.RequestReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows slow writes. */
@Command(
    name = "slow",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Writes that took longer than --slow-write of their server, the latest first.")
public final class SlowCommand extends CtlCommand {
  @Mixin private RowsOptions rows = new RowsOptions();

  @Override
  protected ExitStatus run() {
    return new RequestReport(printer(), rows.most()).slow(manager());
  }
}
