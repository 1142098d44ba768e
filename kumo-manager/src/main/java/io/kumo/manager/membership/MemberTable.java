package io.kumo.manager.membership;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The servers that are connected and the two hash spaces. A method that answers a boolean says
 * whether a hash space changed, which is then to be made known.
 *
 * <p>Invariants: every change gives a greater ClockTime; the write and the read hash space have the
 * same ClockTime only if their node lists are the same (kumofs 0.4.13 servers compare nothing else
 * to find out whether there are two layouts). A newcomer is a connected server that is not active
 * in the write hash space.
 *
 * <p>Confined to one thread.
 */
public final class MemberTable {
  private final VersionSource versions;
  private final ManagerRules rules;
  private final SortedMap<NodeAddress, ServerInfo> live = new TreeMap<>();
  private final SortedMap<NodeAddress, ServerInfo> attached = new TreeMap<>();
  private HashSpaces spaces = HashSpaces.EMPTY;

  /** By the sound rules. */
  public MemberTable(VersionSource versions) {
    this(versions, ManagerRules.SOUND);
  }

  public MemberTable(VersionSource versions, ManagerRules rules) {
    this.versions = versions;
    this.rules = rules;
  }

  /** What is installed at this manager. */
  public ManagerRules rules() {
    return rules;
  }

  public HashSpaces spaces() {
    return spaces;
  }

  /** The connected servers, by address. */
  public SortedMap<NodeAddress, ServerInfo> live() {
    return new TreeMap<>(live);
  }

  public boolean isLive(NodeAddress server) {
    return live.containsKey(server);
  }

  /** What is known of a node: as it connected, else as it was attached. */
  public ServerInfo info(NodeAddress server) {
    ServerInfo connected = live.get(server);
    return connected != null ? connected : attached.getOrDefault(server, ServerInfo.UNKNOWN);
  }

  /** What the nodes of the write hash space announced when they were attached. */
  public Map<NodeAddress, ServerInfo> attachedInfo() {
    return new TreeMap<>(attached);
  }

  /** The connected servers that are not active, by address. */
  public List<NodeAddress> newcomers() {
    return live.keySet().stream().filter(server -> !spaces.write().isActive(server)).toList();
  }

  /** The active nodes of the write hash space that are not connected. */
  public List<NodeAddress> missing() {
    return spaces.write().nodes().stream()
        .filter(Node::active)
        .map(Node::address)
        .filter(server -> !live.containsKey(server))
        .toList();
  }

  /** The active nodes whose process is another one than the one that was attached. */
  public List<NodeAddress> restarted() {
    List<NodeAddress> found = new ArrayList<>();
    live.forEach(
        (server, info) -> {
          ServerInfo before = attached.getOrDefault(server, ServerInfo.UNKNOWN);
          if (spaces.write().isActive(server) && rules.isRestarted(info, before)) {
            found.add(server);
          }
        });
    return found;
  }

  public void connected(NodeAddress server, ServerInfo info) {
    live.put(server, info);
    if (spaces.write().isActive(server) && !info.isOtherProcessThan(known(server))) {
      attached.put(server, info);
    }
  }

  private ServerInfo known(NodeAddress server) {
    return attached.getOrDefault(server, ServerInfo.UNKNOWN);
  }

  public void disconnected(NodeAddress server) {
    live.remove(server);
  }

  /**
   * Marks the nodes fault in both hash spaces; but one that is the last to have some records stays
   * active in the read hash space. Those records are not served until it returns, rather than taken
   * for absent.
   */
  public boolean markFault(Collection<NodeAddress> servers) {
    HashSpace write = spaces.write();
    HashSpace read = spaces.read();
    long version = versions.after(spaces);
    for (NodeAddress server : servers) {
      write = write.withFault(server, version);
      read = read.isLastReplica(server) ? read : read.withFault(server, version);
    }
    return replace(write, read);
  }

  /** Who alone has some records, and is not there to serve them. */
  public List<NodeAddress> absentOwners() {
    return spaces.read().nodes().stream()
        .filter(node -> node.active() && !spaces.write().isActive(node.address()))
        .map(Node::address)
        .toList();
  }

  /** Gives up what only these absent owners have. */
  public boolean giveUp(Collection<NodeAddress> owners) {
    HashSpace read = spaces.read();
    long version = versions.after(spaces);
    for (NodeAddress owner : owners) {
      read = read.withFault(owner, version);
    }
    return replace(spaces.write(), read);
  }

  /**
   * Makes the servers active in the write hash space. When no server was left, nothing can have
   * changed meanwhile: those that return then are active in the read hash space, too, for they have
   * what there is.
   */
  public boolean attach(Collection<NodeAddress> servers) {
    HashSpace write = spaces.write();
    HashSpace read = spaces.read();
    boolean nobodyServed = isAllFault();
    long version = versions.after(spaces);
    for (NodeAddress server : servers) {
      write = write.withActive(server, version);
      if (nobodyServed && read.find(server).isPresent()) {
        read = read.withActive(server, version);
      }
      attached.put(server, live.getOrDefault(server, ServerInfo.UNKNOWN));
    }
    return replace(write, read);
  }

  /** Whether there are servers that hold records, and none of them serves. */
  public boolean isAllFault() {
    return !spaces.read().nodes().isEmpty() && spaces.read().isEmpty();
  }

  /** Takes the fault nodes out of the write hash space. */
  public boolean detach() {
    boolean changed = replace(spaces.write().withoutFaults(versions.after(spaces)), spaces.read());
    attached.keySet().removeIf(server -> spaces.write().find(server).isEmpty());
    return changed;
  }

  /** Gives the write hash space a new ClockTime, so that it names another replace. */
  public boolean renewVersion() {
    return replace(spaces.write().withClockTime(versions.after(spaces)), spaces.read());
  }

  /** The records have been copied: reads follow the write hash space. */
  public boolean completeCopy() {
    return replace(spaces.write(), spaces.write());
  }

  /** Takes the nodes' present processes for the attached ones. */
  public void acceptProcesses() {
    live.forEach(
        (server, info) -> {
          if (spaces.write().isActive(server)) {
            attached.put(server, info);
          }
        });
  }

  /**
   * Takes over whichever of the hash spaces is as new as its own or newer, as kumofs 0.4.13 does
   * between managers. One without an active server never takes the place of one that has some.
   *
   * @param infos what their sender knows of the nodes; null from kumofs 0.4.13
   */
  public boolean adopt(HashSpaces received, @Nullable Map<NodeAddress, ServerInfo> infos) {
    if (received.takeAllFrom(spaces)) {
      return false;
    }
    boolean writeIsNewer = received.write().supersedes(spaces.write());
    if (writeIsNewer && infos != null) {
      attached.clear();
      attached.putAll(infos);
    }
    return replace(
        writeIsNewer ? received.write() : spaces.write(),
        received.read().supersedes(spaces.read()) ? received.read() : spaces.read());
  }

  /** Whether one of them is newer than its own. */
  public boolean isBehind(HashSpaces shown) {
    return ClockTime.isNewer(shown.write().clockTime(), spaces.write().clockTime())
        || ClockTime.isNewer(shown.read().clockTime(), spaces.read().clockTime());
  }

  /** Whether one of them is as new as its own, or newer. */
  public boolean accepts(HashSpaces received) {
    return !received.takeAllFrom(spaces)
        && (received.write().supersedes(spaces.write())
            || received.read().supersedes(spaces.read()));
  }

  /** Takes the hash spaces over whatever is known, under ClockTimes that make them the newest. */
  public boolean impose(HashSpaces loaded, Map<NodeAddress, ServerInfo> infos) {
    attached.clear();
    attached.putAll(infos);
    long readVersion = versions.after(spaces);
    boolean one = loaded.write().sameNodes(loaded.read());
    long writeVersion = one ? readVersion : versions.after(readVersion);
    return replace(
        loaded.write().withClockTime(writeVersion), loaded.read().withClockTime(readVersion));
  }

  /** Goes by a committed view, whatever was decided beyond it. */
  public void install(HashSpaces committed, Map<NodeAddress, ServerInfo> infos) {
    spaces = committed;
    attached.clear();
    attached.putAll(infos);
  }

  private boolean replace(HashSpace write, HashSpace read) {
    HashSpaces before = spaces;
    boolean ambiguous =
        write.clockTime() == read.clockTime() && write.clockTime() != 0 && !write.sameNodes(read);
    HashSpace distinct = ambiguous ? write.withClockTime(versions.after(write.clockTime())) : write;
    spaces = new HashSpaces(distinct, read);
    return !spaces.equals(before);
  }
}
