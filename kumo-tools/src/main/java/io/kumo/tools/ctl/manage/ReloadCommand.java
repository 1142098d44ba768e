package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.reload.ReloadFiles;
import io.kumo.core.protocol.reload.ReloadedFiles;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ctl.command.CtlCommand;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** {@code kumoctl MANAGER reload}: every node reads its certificates and secrets again. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description =
        "Has the managers and all connected servers read their certificates, keys, secrets and user"
            + " files again; exit 1 when one cannot be used, or a node does not answer. A gateway"
            + " does it on SIGHUP, and by itself within ten seconds, as all do.")
public final class ReloadCommand extends CtlCommand {

  @Override
  protected ExitStatus run() {
    Printer printer = printer();
    boolean failed = false;
    for (NodeAddress node : nodes(printer)) {
      failed |= !reload(printer, node);
    }
    return (failed ? ExitStatus.FAILED : ExitStatus.DONE);
  }

  private Set<NodeAddress> nodes(Printer printer) {
    try (RpcClient client = printer.options().connect(manager())) {
      NodesInfo info = StatusClient.nodes(client);
      CurrentView view = client.callIfKnown(new GetView(), CurrentView::read, () -> null);
      Set<NodeAddress> nodes = new TreeSet<>(info.newcomers());
      info.hashSpace().nodes().stream().filter(Node::active).map(Node::address).forEach(nodes::add);
      nodes.addAll(view == null ? List.of() : view.managers());
      nodes.add(NodeAddress.of(manager()));
      return nodes;
    }
  }

  private static boolean reload(Printer printer, NodeAddress node) {
    try (RpcClient client = printer.options().connect(node.toSocketAddress())) {
      ReloadedFiles reloaded =
          client.callIfKnown(
              new ReloadFiles(),
              ReloadedFiles::read,
              () -> new ReloadedFiles(true, List.of("it cannot do that")));
      List<String> lines = reloaded.lines().isEmpty() ? List.of("no files") : reloaded.lines();
      lines.forEach(line -> printer.text(node + ": " + line + "\n"));
      return !reloaded.failed();
    } catch (CliException e) {
      printer.note(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
