package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.reload.ReloadFiles;
import io.kumo.core.protocol.reload.ReloadedFiles;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ctl.command.ClusterNodes;
import io.kumo.tools.ctl.command.CtlCommand;
import java.util.List;
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
    for (NodeAddress node : ClusterNodes.ask(printer, manager())) {
      failed |= !reload(printer, node);
    }
    return (failed ? ExitStatus.FAILED : ExitStatus.DONE);
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
