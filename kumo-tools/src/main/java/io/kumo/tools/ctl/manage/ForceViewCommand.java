package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.votes.ForceView;
import io.kumo.core.protocol.votes.ForcedPart;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ctl.command.CtlCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has a cluster go on that has lost its quorum for good. */
@Command(
    name = "force-view",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "When so many voters are lost for good that no view can be committed: go on with the servers"
          + " that this manager reaches, as a child of the cluster, with an id of its own. It asks"
          + " for the cluster's id first. What only the others have acknowledged is lost; if they"
          + " come back they go over to the child, and their records are compared. Start what can be"
          + " started before."
    })
public final class ForceViewCommand extends CtlCommand {
  /** Leases are waited out, and all have to accept. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Option(
      names = "--yes",
      paramLabel = "ID",
      description = "The cluster's id, for scripts: nothing is asked.")
  private @Nullable String yes;

  @Override
  protected ExitStatus run() {
    Printer printer = printer();
    ForcedPart part;
    try (RpcClient client = printer.options().connect(manager())) {
      part = client.call(new ForceView(ForceView.QUESTION), ForcedPart::read);
    }
    long cluster = part.lost().cluster().id();
    String id = Long.toHexString(cluster);
    printer.note(warning(part));
    String typed = yes;
    if (typed == null) {
      printer.note("Type the cluster's id, " + id + ", to go on:");
      typed = readLine();
    }
    if (!id.equals(typed)) {
      throw CliException.failed(
          "'" + typed + "' is not the id of this cluster, " + id + ": nothing was done");
    }
    try (RpcClient client = printer.options().nodes().connect(manager(), PATIENCE)) {
      introduction().give(client);
      printer.result(client.call(new ForceView(cluster), RpcClient::nilOrBool));
    }
    return ExitStatus.DONE;
  }

  private static String warning(ForcedPart part) {
    ClusterView lost = part.lost();
    List<NodeAddress> missing =
        lost.layout().spaces().write().nodes().stream()
            .filter(Node::active)
            .map(Node::address)
            .filter(server -> !part.reached().contains(server))
            .toList();
    List<NodeAddress> voters = lost.voters().members().stream().map(Voter::address).toList();
    return String.join(
        System.lineSeparator(),
        "No quorum of the voters " + voters + " is there.",
        "The cluster would go on with " + part.reached() + ", without " + missing + ".",
        "What only those have acknowledged is lost. If they live elsewhere and still serve clients,"
            + " their records are compared with the newer ones here when they are met again.");
  }

  private static String readLine() {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = in.readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
