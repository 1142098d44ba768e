package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.ctl.command.CtlCommand;
import java.net.InetSocketAddress;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a server out for maintenance. */
@Command(
    name = "suspend",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Take a server out for a while: others coordinate its keys, it may be stopped, and no order"
            + " moves records meanwhile. When the time is over, or with resume, it is taken in again"
            + " and given the writes that it has missed. Said again, it sets another time.")
public final class SuspendCommand extends CtlCommand {
  @Parameters(
      paramLabel = "SERVER[:PORT]",
      converter = AddressConverter.Server.class,
      description = "A server that serves.")
  private InetSocketAddress server = new InetSocketAddress(0);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      required = true,
      converter = DurationConverter.class,
      description = "After which it is taken in by itself, a day at most: 10m.")
  private Duration span = Duration.ZERO;

  @Override
  protected ExitStatus run() {
    long seconds = span.toSeconds();
    if (seconds < 1 || seconds > SuspendServer.MAX_SECONDS) {
      throw CliException.usage("--for must be from a second to a day");
    }
    return order(new SuspendServer(NodeAddress.of(server), seconds));
  }
}
