package io.kumo.tools.ctl.repair;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.repair.RecoverRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes copies whole. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Give every replica of a key the newest of its records, or a server everything that it"
            + " should have and has not.")
public final class RecoverCommand extends CtlCommand {
  @Parameters(
      paramLabel = "SERVER|KEY",
      description = "An active server of the cluster, else a key.")
  private String what = "";

  @Option(names = "--key", description = "It is a key, whatever it looks like.")
  private boolean key;

  @Override
  protected ExitStatus run() {
    return noted(() -> new RecoverRun(printer(), manager()).recover(what, key));
  }
}
