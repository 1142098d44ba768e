package io.kumo.tools.ctl.repair;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.repair.VerifyRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares copies. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Have every server compare all records that it coordinates with those of the other"
            + " replicas, value by value; exit 3 when copies differ and are not repaired.")
public final class VerifyCommand extends CtlCommand {
  @Mixin private VerifyOptions verify = new VerifyOptions();

  @Override
  protected ExitStatus run() {
    VerifyRun run = new VerifyRun(printer(), manager());
    return verify.shows() ? run.show() : noted(() -> verify(run));
  }

  private ExitStatus verify(VerifyRun run) {
    if (verify.stops()) {
      run.stop();
      return run.show();
    }
    run.begin(verify.repairs(), verify.rate(), verify.range(), null);
    if (verify.waits()) {
      return run.await();
    }
    printer().note("all servers verify; verify --show tells how far they are");
    return ExitStatus.DONE;
  }
}
