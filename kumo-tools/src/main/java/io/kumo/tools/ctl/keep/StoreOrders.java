package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ctl.command.Introduction;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** What kumoctl has servers do with their stores. */
final class StoreOrders {
  private final Printer printer;
  private final InetSocketAddress manager;

  StoreOrders(Printer printer, InetSocketAddress manager) {
    this.printer = printer;
    this.manager = manager;
  }

  /** Every server that the manager knows of, attached or not, but for those that are fault. */
  private List<NodeAddress> servers() {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    Stream<NodeAddress> attached =
        info.hashSpace().nodes().stream().filter(Node::active).map(Node::address);
    return Stream.concat(attached, info.newcomers().stream()).distinct().sorted().toList();
  }

  ExitStatus backup(Introduction who, String suffix, boolean waits) {
    String name = "backup " + suffix;
    List<NodeAddress> servers = servers();
    for (NodeAddress server : waits ? servers : List.<NodeAddress>of()) {
      if (StoreWatch.ask(printer, server).task().name().equals(name)) {
        throw CliException.failed(server + " has tried this suffix before; take another one");
      }
    }
    if (!printer.options().json()) {
      printer.text("suffix=" + suffix + "\n");
    }
    try (RpcClient client = printer.options().connect(manager)) {
      who.give(client);
      printer.result(client.call(new CreateBackup(suffix), RpcClient::nilOrBool));
    }
    if (servers.isEmpty()) {
      printer.note("no server is connected: nothing is backed up");
      return ExitStatus.NOT_AS_IT_SHOULD_BE;
    }
    if (!waits) {
      printer.note("ordered of " + servers + "; --wait says when they have, or have not");
      return ExitStatus.DONE;
    }
    return new StoreWatch(printer, name).awaitAll(servers);
  }

  ExitStatus compact(InetSocketAddress address) {
    NodeAddress server = NodeAddress.of(address);
    if (!servers().contains(server)) {
      throw CliException.failed(server + " is no server that this manager sees");
    }
    try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
      client.call(new CompactStore(), RpcClient::nilOrBool);
    }
    new StoreWatch(printer, "compact").await(server);
    return ExitStatus.DONE;
  }

  ExitStatus diskUse() {
    boolean failed = false;
    List<NodeAddress> servers = servers();
    if (servers.isEmpty()) {
      throw CliException.failed("no server is connected to " + NodeAddress.of(manager));
    }
    if (!printer.options().json()) {
      printer.text(StoreReport.head());
    }
    List<NodeAddress> full =
        ServerStatisticsClient.full(
            ServerStatisticsClient.askAll(servers, printer.options().nodes()));
    for (NodeAddress server : servers) {
      try {
        StoreUsage usage = StoreWatch.ask(printer, server);
        printer.print(
            StoreReport.row(server.toString(), usage),
            () -> StoreReport.json(server.toString(), usage));
      } catch (CliException e) {
        printer.note(String.valueOf(e.getMessage()));
        failed = true;
      }
    }
    full.forEach(server -> printer.note("disk full on " + server + ": it refuses writes"));
    if (failed) {
      return ExitStatus.FAILED;
    }
    return full.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }
}
