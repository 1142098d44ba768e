package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.ctl.command.CtlCommand;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a suspension. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Take a suspended server in again now. One that does not run yet is taken in when it does,"
            + " as one that has crashed.")
public final class ResumeCommand extends CtlCommand {
  @Parameters(
      paramLabel = "SERVER[:PORT]",
      converter = AddressConverter.Server.class,
      description = "A suspended server.")
  private InetSocketAddress server = new InetSocketAddress(0);

  @Override
  protected ExitStatus run() {
    return order(new SuspendServer(NodeAddress.of(server), 0));
  }
}
