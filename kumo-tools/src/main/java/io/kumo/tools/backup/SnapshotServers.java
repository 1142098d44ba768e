package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ToolOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/** Connections to all servers that take part in a snapshot. One thread gives the orders. */
final class SnapshotServers implements AutoCloseable {
  private final SortedMap<NodeAddress, RpcClient> clients = new TreeMap<>();
  private final long id;

  private SnapshotServers(long id) {
    this.id = id;
  }

  /**
   * @param id of the snapshot
   */
  static SnapshotServers connect(ToolOptions options, Collection<NodeAddress> servers, long id) {
    SnapshotServers all = new SnapshotServers(id);
    try {
      for (NodeAddress server : servers) {
        all.clients.put(server, options.connect(server.toSocketAddress()));
      }
      return all;
    } catch (CliException e) {
      all.close();
      throw e;
    }
  }

  List<NodeAddress> addresses() {
    return List.copyOf(clients.keySet());
  }

  RpcClient client(NodeAddress server) {
    RpcClient client = clients.get(server);
    if (client == null) {
      throw new IllegalArgumentException(server + " takes no part");
    }
    return client;
  }

  /** Has all do this at the same time; returns, or throws, when each has answered. */
  SortedMap<NodeAddress, SnapshotState> all(SnapshotStep.Step step, long number) {
    SortedMap<NodeAddress, SnapshotState> answers = new ConcurrentSkipListMap<>();
    Queue<CliException> failures = new ConcurrentLinkedQueue<>();
    List<Map.Entry<NodeAddress, RpcClient>> open = new ArrayList<>(clients.entrySet());
    open.parallelStream()
        .forEach(
            entry -> {
              try {
                answers.put(entry.getKey(), ask(entry.getValue(), step, number));
              } catch (CliException e) {
                failures.add(e);
              }
            });
    CliException first = failures.peek();
    if (first != null) {
      throw first;
    }
    return answers;
  }

  /** Has one do this. */
  SnapshotState one(NodeAddress server, SnapshotStep.Step step) {
    return ask(client(server), step, 0);
  }

  private SnapshotState ask(RpcClient client, SnapshotStep.Step step, long number) {
    return client.call(new SnapshotStep(step, id, number), SnapshotState::read);
  }

  /** One that is gone. */
  void drop(NodeAddress server) {
    RpcClient client = clients.remove(server);
    if (client != null) {
      client.close();
    }
  }

  /** Has all let go of what they keep; one that does not answer does so by itself. */
  void release() {
    for (NodeAddress server : addresses()) {
      try {
        one(server, SnapshotStep.Step.CLOSE);
      } catch (CliException e) {
        drop(server);
      }
    }
  }

  @Override
  public void close() {
    clients.values().forEach(RpcClient::close);
    clients.clear();
  }
}
