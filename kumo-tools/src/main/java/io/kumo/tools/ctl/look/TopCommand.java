package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.top.TopOptions;
import io.kumo.tools.top.TopRun;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** kumotop by another name. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "What all servers do, drawn on the whole terminal: kumotop -m MANAGER by another name.")
public final class TopCommand extends CtlCommand {
  @Mixin private TopOptions top = new TopOptions();

  @Override
  protected ExitStatus run() throws IOException {
    new TopRun(top, options().nodes(), printer().out()).run(manager(), List.of());
    return ExitStatus.DONE;
  }
}
