package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.Version;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NamedNode;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.importing.ClusterSession;
import io.kumo.tools.importing.ImportCounts;
import io.kumo.tools.importing.ImportRun;
import io.kumo.tools.importing.source.LineForm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads records in. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Load lines, as export writes them, while clients use the cluster; of each key the"
          + " newest version stays. kumo-import loads more, and goes on where it was interrupted.",
      "Exit 3 when records were refused."
    })
public final class ImportCommand extends CtlCommand {
  private static final int IN_FLIGHT = 256;

  @Parameters(paramLabel = "FILE", description = "Lines of JSON, or of fields with tabs.")
  private Path file = Path.of("");

  @Option(
      names = "--form",
      paramLabel = "ndjson|tsv",
      description = "Which of both (default: as the name of FILE ends, else ndjson).")
  private @Nullable LineForm form;

  @Option(
      names = "--overwrite",
      description =
          "Records without a ClockTime replace what the cluster had when the import began; without"
              + " this, whatever the cluster has of a key stays.")
  private boolean overwrite;

  @Override
  protected ExitStatus run() throws IOException {
    InetSocketAddress at = manager();
    NamedNode name = new NamedNode(at.getHostString(), at.getPort(), NodeAddress.of(at));
    boolean shown = Logging.onTerminal() && !options().json();
    try (ClusterSession session =
        ClusterSession.open(List.of(name), options().timeout(), options().nodes().security())) {
      ImportCounts counts =
          ImportRun.lines(session, file, LineForm.of(form, file), overwrite, IN_FLIGHT, shown);
      printer().print(counts.text(), counts::json);
      boolean whole = counts.refusedCount() == 0;
      return noted(whole ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE);
    }
  }
}
