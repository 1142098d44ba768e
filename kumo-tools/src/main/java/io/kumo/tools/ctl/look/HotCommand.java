package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.RequestReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows hot keys. */
@Command(
    name = "hot",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Keys that were asked for most in the last minute or two, by an estimate, and large"
            + " values among them; keys with bytes that are not printed have \\xHH for them.")
public final class HotCommand extends CtlCommand {
  @Mixin private RowsOptions rows = new RowsOptions();

  @Override
  protected ExitStatus run() {
    return new RequestReport(printer(), rows.most()).hot(manager());
  }
}
