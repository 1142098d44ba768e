package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what managers know. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Print the state of the managers, or write it to a file.")
public final class DumpCommand extends CtlCommand {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Written anew.")
  private @Nullable Path file;

  @Override
  protected ExitStatus run() {
    return ManagerState.dump(printer(), manager(), file);
  }
}
