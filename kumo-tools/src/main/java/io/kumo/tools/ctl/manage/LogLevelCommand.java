package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.tools.DeskNode;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ctl.command.CtlCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a node log more, or less. */
@Command(
    name = "log-level",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Have a node log more, or less, for a while.")
public final class LogLevelCommand extends CtlCommand {
  @Parameters(
      index = "0",
      paramLabel = "NODE:PORT",
      description = "A server, a manager, or a gateway as kumoctl gateways names it.")
  private String node = "";

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
    SetLogLevel order = new SetLogLevel(level, spanMs());
    for (DeskNode one : DeskNode.named(node, DeskNode.gateways(options(), manager()))) {
      one.ask(options(), order, RpcClient::nilOrBool, () -> unknown(one));
    }
    return ExitStatus.DONE;
  }

  private static @Nullable Boolean unknown(DeskNode node) {
    throw CliException.failed(node + " does not know that, as nodes of kumofs 0.4.13");
  }

  private long spanMs() {
    long ms = span.toMillis();
    if (ms < 1 || ms > SetLogLevel.MAX_MS) {
      throw CliException.usage("--for must be a day at most");
    }
    return ms;
  }
}
