package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for long work on the stores of servers, and shows each step of it as a line. */
final class StoreWatch {
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A manager orders it; it may take a moment to arrive. */
  private static final int POLLS_UNTIL_BEGUN = 25;

  private final Printer printer;
  private final String name;

  /**
   * @param name of the work, as {@link StoreTask#name}
   */
  StoreWatch(Printer printer, String name) {
    this.printer = printer;
    this.name = name;
  }

  static StoreUsage ask(Printer printer, NodeAddress server) {
    try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
      return client.call(new GetStoreUsage(), StoreUsage::read);
    }
  }

  /** Returns when none of the servers works any more; 1 when one of them failed. */
  ExitStatus awaitAll(List<NodeAddress> servers) {
    ExitStatus status = ExitStatus.DONE;
    for (NodeAddress server : new ArrayList<>(servers)) {
      try {
        await(server);
      } catch (CliException e) {
        printer.note(server + ": " + e.getMessage());
        status = ExitStatus.FAILED;
      }
    }
    return status;
  }

  /** Throws when the server's work fails or is lost sight of. */
  void await(NodeAddress server) {
    int shown = -1;
    int notYet = 0;
    while (true) {
      StoreUsage usage = ask(printer, server);
      StoreTask task = usage.task();
      if (!task.name().equals(name)) {
        if (++notYet > POLLS_UNTIL_BEGUN) {
          throw CliException.failed("no " + name + " runs there");
        }
        LockSupport.parkNanos(POLL_NS);
        continue;
      }
      if (task.state() == StoreTask.FAILED) {
        throw CliException.failed(name + " failed: " + task.detail());
      }
      boolean done = task.state() == StoreTask.DONE;
      if (done || task.done() != shown) {
        shown = task.done();
        printer.print(line(server, usage), () -> StoreReport.json(server.toString(), usage));
      }
      if (done) {
        return;
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private static String line(NodeAddress server, StoreUsage usage) {
    StoreTask task = usage.task();
    return "%s: %s %s, %d of %d, files %s, free %s%s"
        .formatted(
            server,
            task.name(),
            StoreReport.state(task),
            task.done(),
            task.total(),
            StoreReport.bytes(usage.fileBytes()),
            StoreReport.bytes(usage.freeBytes()),
            task.detail().isEmpty() ? "" : ", " + task.detail());
  }
}
