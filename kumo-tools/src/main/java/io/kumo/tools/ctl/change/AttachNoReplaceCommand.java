package io.kumo.tools.ctl.change;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.AttachNewServers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes servers in, and moves nothing. */
@Command(
    name = "attach-noreplace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Take in all new servers, waiting as attach does.")
public final class AttachNoReplaceCommand extends MovingCommand {
  @Mixin private AttachOptions first = new AttachOptions();

  @Override
  protected ExitStatus run() {
    AttachNewServers order = first.order(false);
    AttachReport report = AttachReport.beforeAttach(printer(), manager(), TimeSource.system());
    order(order, report::attached);
    return report.status();
  }
}
