package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ctl.command.CtlCommand;

/** A command that changes who belongs to the cluster, and mostly starts a rebalance. */
abstract class MovingCommand extends CtlCommand {

  /** Of servers that were named. */
  final ExitStatus change(NamedServers servers, RebalanceOptions rebalance) {
    AttachReport report = AttachReport.beforeDetach(printer(), manager());
    return move(
        servers.order(),
        rebalance,
        servers.preview(),
        () -> servers.attach().isEmpty() ? report.detached() : report.attached());
  }

  /** Of the servers as they are. */
  final ExitStatus rebalance(boolean full, RebalanceOptions rebalance) {
    return move(new StartReplace(full), rebalance, MovePreview.NONE, this::tellReplace);
  }

  /** A rebalance of no server is none. */
  private boolean tellReplace() {
    try (RpcClient client = options().connect(manager())) {
      boolean served = !StatusClient.activeServers(client).isEmpty();
      printer()
          .note(served ? "told all servers to rebalance" : "no server is active: nothing is done");
    } catch (CliException e) {
      printer().note("what came of it is not known: " + e.getMessage());
    }
    return true;
  }

  /**
   * @param told run when the order has been answered; false when it has changed nothing
   */
  final ExitStatus move(
      Message message,
      RebalanceOptions rebalance,
      MovePreview.LayoutChange change,
      RebalanceWatch.Told told) {
    if (rebalance.dryRun()) {
      boolean full = message instanceof StartReplace start && start.full();
      MovePreview.print(printer(), manager(), change, rebalance.zones(), full);
      return ExitStatus.DONE;
    }
    if (!rebalance.waits()) {
      return order(message, told);
    }
    TimeSource time = TimeSource.system();
    RebalanceProgress view = new RebalanceProgress(printer(), time);
    return new RebalanceWatch(options(), manager(), view, time)
        .run(introduction(), message, printer(), told);
  }

  final ExitStatus order(Message message, RebalanceWatch.Told told) {
    ExitStatus status = order(message);
    told.changed();
    return status;
  }
}
