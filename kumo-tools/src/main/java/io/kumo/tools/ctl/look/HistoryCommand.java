package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.HistoryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the orders that were given. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "The orders that the managers were given, the last one last: when, by whom, from where,"
            + " and what came of them.")
public final class HistoryCommand extends CtlCommand {
  @Mixin private RowsOptions rows = new RowsOptions();

  @Override
  protected ExitStatus run() {
    return new HistoryReport(printer(), manager()).print(rows.most());
  }
}
