package io.kumo.tools;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What servers count, asked for beside something else: who does not answer at once is left out. */
public final class ServerStatisticsClient {
  private ServerStatisticsClient() {}

  /** Empty from a server of kumofs 0.4.13. Throws {@link CliException} when it does not answer. */
  public static Optional<ServerStatistics> ask(RpcClient server) {
    return server.callIfKnown(
        new GetServerStatistics(), in -> Optional.of(ServerStatistics.read(in)), Optional::empty);
  }

  /** Of several servers at a time. */
  public static SortedMap<NodeAddress, ServerStatistics> askAll(
      Collection<NodeAddress> servers, NodeOptions nodes) {
    return AllNodes.ask(servers, nodes, ServerStatisticsClient::ask);
  }

  public static boolean isDiskFull(ServerStatistics statistics) {
    return statistics.get(ServerStatistics.DISK_FULL) != 0;
  }

  /** Which of these say that they refuse writes for want of room. */
  public static List<NodeAddress> full(SortedMap<NodeAddress, ServerStatistics> statistics) {
    return statistics.entrySet().stream()
        .filter(entry -> isDiskFull(entry.getValue()))
        .map(entry -> entry.getKey())
        .toList();
  }

  /** Which of these have met mistakes in their program, and how many. */
  public static SortedMap<NodeAddress, Long> buggy(
      SortedMap<NodeAddress, ServerStatistics> statistics) {
    SortedMap<NodeAddress, Long> counts = new TreeMap<>();
    statistics.forEach((server, answer) -> counts.put(server, answer.get(ServerStatistics.BUGS)));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }
}
