package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ctl.command.CommandContext;
import io.kumo.tools.ctl.look.ClusterStatus;
import io.kumo.tools.status.StatusView;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Which managers a cluster follows. */
@Command(
    name = "managers",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Shows the managers, or has the cluster follow other ones.")
public final class ManagersCommand implements Callable<Integer> {
  private static final long POLL_NS = Duration.ofMillis(200).toNanos();

  @ParentCommand private @Nullable CommandContext context;

  private CommandContext context() {
    return Objects.requireNonNull(context, "no command line");
  }

  @Override
  public Integer call() {
    throw CliException.usage("a command is missing: managers show, or set MANAGER [MANAGER]");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "The managers that the cluster follows, and which of them directs; exit 3 as of status.")
  int show() {
    Printer printer = context().printer();
    return ClusterStatus.print(printer, context().manager(), StatusView::managers).code();
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = {
        "Move a running cluster to new managers, which have been started with each other as"
            + " partners and know of no cluster yet. Servers and gateways follow without a restart;"
            + " start them with the new managers from then on. The former managers direct no more,"
            + " and may be ended."
      })
  int set(
      @Parameters(
              arity = "1..2",
              paramLabel = "MANAGER[:PORT]",
              converter = AddressConverter.Manager.class,
              description = "The new managers.")
          List<InetSocketAddress> named) {
    Printer printer = context().printer();
    HashSpace before = nodes(printer, context().manager());
    named.forEach(address -> checkNew(printer, address, before));
    List<NodeAddress> managers = named.stream().map(NodeAddress::of).toList();
    try (RpcClient client = printer.options().connect(context().manager())) {
      context().introduction().give(client);
      printer.result(client.call(new MoveManagers(managers), RpcClient::nilOrBool));
    }
    await(printer, named, before);
    return ExitStatus.DONE.code();
  }

  private static HashSpace nodes(Printer printer, InetSocketAddress manager) {
    try (RpcClient client = printer.options().connect(manager)) {
      return StatusClient.nodes(client).hashSpace();
    }
  }

  /** A manager of another cluster would mix the two up. */
  private static void checkNew(Printer printer, InetSocketAddress manager, HashSpace before) {
    HashSpace known = nodes(printer, manager);
    if (!known.nodes().isEmpty() && !known.sameNodes(before)) {
      throw CliException.failed(
          NodeAddress.of(manager) + " manages another cluster: " + known.nodes());
    }
  }

  /** The first of them knows the cluster when every active server has shown it what it knows. */
  private static void await(Printer printer, List<InetSocketAddress> managers, HashSpace before) {
    TimeSource time = TimeSource.system();
    long deadlineNs = time.nanoTime() + 3 * printer.options().timeout().toNanos();
    List<InetSocketAddress> waiting = new ArrayList<>(managers);
    while (time.nanoTime() - deadlineNs < 0) {
      waiting.removeIf(manager -> knows(printer, manager, before));
      if (waiting.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(POLL_NS);
    }
    throw new CliException(
        ExitStatus.NOT_AS_IT_SHOULD_BE,
        "the cluster was told, but not every server has gone over to " + waiting);
  }

  private static boolean knows(Printer printer, InetSocketAddress manager, HashSpace before) {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    return info.hashSpace().nodes().size() >= before.nodes().size()
        && Long.compareUnsigned(info.hashSpace().clockTime(), before.clockTime()) >= 0;
  }
}
