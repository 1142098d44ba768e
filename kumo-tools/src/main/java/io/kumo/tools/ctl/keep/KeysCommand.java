package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.importing.RecordScan;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "The keys of all records that clients see, a line for each; \\xHH for a byte that is not"
            + " printed. Exit 3 when servers came or went meanwhile.")
public final class KeysCommand extends CtlCommand {
  @Mixin private PrefixOptions which = new PrefixOptions();

  @Override
  protected ExitStatus run() throws IOException {
    return new RecordScan(printer(), manager(), which.prefix(), which.limit()).keys();
  }
}
