package io.kumo.tools.ctl.change;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.admin.DetachFaultServers;
import picocli.CommandLine.Command;

/** Drops servers, and moves nothing. */
@Command(
    name = "detach-noreplace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Drop all fault servers.")
public final class DetachNoReplaceCommand extends MovingCommand {

  @Override
  protected ExitStatus run() {
    AttachReport report = AttachReport.beforeDetach(printer(), manager());
    order(new DetachFaultServers(false), report::detached);
    return report.status();
  }
}
