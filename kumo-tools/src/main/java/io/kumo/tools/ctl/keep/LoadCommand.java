package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a manager what it should know. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Give a manager the state that dump wrote.")
public final class LoadCommand extends CtlCommand {
  @Parameters(paramLabel = "FILE", description = "What dump wrote.")
  private Path file = Path.of("");

  @Option(
      names = "--force",
      description = "Also when the manager knows a later state; the file's counts then.")
  private boolean force;

  @Override
  protected ExitStatus run() {
    return order(ManagerState.read(file, force));
  }
}
