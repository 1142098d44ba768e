package io.kumo.manager.membership;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which process of each server is connected, and which one was attached. Confined to one thread.
 */
final class ServerProcesses {
  private final SortedMap<NodeAddress, ServerInfo> live = new TreeMap<>();
  private final SortedMap<NodeAddress, ServerInfo> attached = new TreeMap<>();

  /** The connected ones, by address. */
  SortedMap<NodeAddress, ServerInfo> live() {
    return new TreeMap<>(live);
  }

  boolean isLive(NodeAddress server) {
    return live.containsKey(server);
  }

  /** What the attached ones announced, by address. */
  SortedMap<NodeAddress, ServerInfo> attached() {
    return new TreeMap<>(attached);
  }

  /** What is known of a node: as it connected, else as it was attached. */
  ServerInfo info(NodeAddress server) {
    ServerInfo connected = live.get(server);
    return connected != null ? connected : known(server);
  }

  private ServerInfo known(NodeAddress server) {
    return attached.getOrDefault(server, ServerInfo.UNKNOWN);
  }

  /** Servers whose connected process is another one than the attached, by address. */
  List<NodeAddress> restarted(ManagerRules rules) {
    return live.entrySet().stream()
        .filter(server -> rules.isRestarted(server.getValue(), known(server.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the process that is connected is another one than the one that was attached. */
  boolean hasRestarted(NodeAddress server) {
    return live.getOrDefault(server, ServerInfo.UNKNOWN).isOtherProcessThan(known(server));
  }

  /** Whether the process that is connected is the attached one, and both are known. */
  boolean keptRunning(NodeAddress server) {
    return runs(server, known(server));
  }

  /** Whether the process that is connected is this one, and both are known. */
  boolean runs(NodeAddress server, ServerInfo process) {
    long incarnation = live.getOrDefault(server, ServerInfo.UNKNOWN).incarnation();
    return incarnation != 0 && incarnation == process.incarnation();
  }

  /**
   * A process has connected.
   *
   * @param active whether the server is active in the write hash space
   */
  void connected(NodeAddress server, ServerInfo info, boolean active) {
    live.put(server, info);
    if (active && !info.isOtherProcessThan(known(server))) {
      attached.put(server, info);
    }
  }

  void disconnected(NodeAddress server) {
    live.remove(server);
  }

  /** The process that is connected now is the attached one. */
  void attach(NodeAddress server) {
    attached.put(server, live.getOrDefault(server, ServerInfo.UNKNOWN));
  }

  /** The same for each of them, or what else is known of it. */
  void attachKnown(Collection<NodeAddress> servers) {
    servers.forEach(server -> attached.put(server, info(server)));
  }

  /** The connected processes of those that are active are the attached ones. */
  void accept(HashSpace write) {
    live.keySet().stream().filter(write::isActive).forEach(this::attach);
  }

  void detach(Collection<NodeAddress> servers) {
    attached.keySet().removeAll(servers);
  }

  /** Forgets those that the hash space does not name. */
  void keepAttached(HashSpace write) {
    attached.keySet().removeIf(server -> write.find(server).isEmpty());
  }

  /** Takes the place of all that were attached. */
  void setAttached(Map<NodeAddress, ServerInfo> infos) {
    attached.clear();
    attached.putAll(infos);
  }
}
