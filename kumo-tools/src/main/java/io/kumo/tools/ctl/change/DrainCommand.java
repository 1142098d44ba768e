package io.kumo.tools.ctl.change;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes servers out. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Take servers out that serve: their keys go to the others at once, and the rebalance that"
            + " follows gives these what they lack. With --wait they may be stopped when it"
            + " returns.")
public final class DrainCommand extends MovingCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "SERVER[:PORT]",
      converter = AddressConverter.Server.class,
      description = "Servers of the cluster.")
  private List<InetSocketAddress> servers = new ArrayList<>();

  @Mixin private RebalanceOptions rebalance = new RebalanceOptions();

  @Override
  protected ExitStatus run() {
    return change(NamedServers.of(List.of(), servers, true), rebalance);
  }
}
