package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has one server take the place of another. */
@Command(
    name = "replace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Rebalance without attach and detach; or, with two servers, have the second take the place"
            + " of the first, which may be fault or serve, in one rebalance.")
public final class ReplaceCommand extends MovingCommand {
  @Mixin private ServersOptions named = new ServersOptions();
  @Mixin private RebalanceOptions rebalance = new RebalanceOptions();

  @Override
  protected ExitStatus run() {
    List<InetSocketAddress> servers = named.servers();
    if (servers.isEmpty()) {
      return rebalance(false, rebalance);
    }
    if (servers.size() != 2) {
      throw CliException.usage("replace names two servers, the old and the new one, or none");
    }
    return change(NamedServers.of(servers.subList(1, 2), servers.subList(0, 1), true), rebalance);
  }
}
