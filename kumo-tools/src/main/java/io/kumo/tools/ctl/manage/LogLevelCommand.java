package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ctl.command.CtlCommand;
import java.net.InetSocketAddress;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a node log more, or less. */
@Command(
    name = "log-level",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Have a manager or server log more, or less, for a while.")
public final class LogLevelCommand extends CtlCommand {
  @Parameters(
      index = "0",
      paramLabel = "NODE:PORT",
      converter = AddressConverter.Server.class,
      description = "A server or a manager of the cluster.")
  private InetSocketAddress node = new InetSocketAddress(0);

  @Parameters(index = "1", paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
  private SetLogLevel.Level level = SetLogLevel.Level.INFO;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = DurationConverter.class,
      description = "After which what was logged before counts again: ${DEFAULT-VALUE}.")
  private Duration span = Duration.ofMinutes(5);

  @Override
  protected ExitStatus run() {
    return noted(this::tell);
  }

  private ExitStatus tell() {
    try (RpcClient client = options().connect(node)) {
      client.call(new SetLogLevel(level, spanMs()), RpcClient::nilOrBool);
    }
    return ExitStatus.DONE;
  }

  private long spanMs() {
    long ms = span.toMillis();
    if (ms < 1 || ms > SetLogLevel.MAX_MS) {
      throw CliException.usage("--for must be a day at most");
    }
    return ms;
  }
}
