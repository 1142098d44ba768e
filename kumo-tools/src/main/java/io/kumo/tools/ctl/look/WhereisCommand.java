package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.KeyText;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.repair.KeyCopies;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows where a key is. */
@Command(
    name = "whereis",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "A key's hash, its replicas in their order, and what each server has of it; exit 3 when"
            + " their copies differ, which are marked with !.")
public final class WhereisCommand extends CtlCommand {
  @Parameters(
      paramLabel = "KEY",
      description =
          "As clients know it, a gateway's --key-prefix included; \\xHH for a byte that cannot be"
              + " typed.")
  private String key = "";

  @Override
  protected ExitStatus run() {
    return KeyCopies.ask(printer(), manager(), KeyText.rawKey(key)).print(printer());
  }
}
