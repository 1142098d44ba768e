package io.kumo.tools.ctl.look;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.StatusView;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows managers and servers. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Managers and servers, a line for each; exit 3 as of status.")
public final class NodesCommand extends CtlCommand {
  @Mixin private WatchOptions watch = new WatchOptions();

  @Option(
      names = "--columns",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "For scripts: only these columns of -o wide, with tabs between and without a heading.")
  private List<String> columns = new ArrayList<>();

  @Override
  protected ExitStatus run() {
    return watch.repeat(
        printer(),
        () ->
            ClusterStatus.print(
                printer(),
                manager(),
                columns.isEmpty() ? StatusView::nodes : view -> view.nodes(columns)));
  }
}
