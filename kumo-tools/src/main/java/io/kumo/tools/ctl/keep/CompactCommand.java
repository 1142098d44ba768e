package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has a server give free space back. */
@Command(
    name = "compact",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Have a server rewrite its data files, to give free space back.")
public final class CompactCommand extends CtlCommand {
  @Parameters(
      paramLabel = "SERVER[:PORT]",
      converter = AddressConverter.Server.class,
      description = "A server of the cluster.")
  private InetSocketAddress server = new InetSocketAddress(0);

  @Override
  protected ExitStatus run() {
    return noted(() -> new StoreOrders(printer(), manager()).compact(server));
  }
}
