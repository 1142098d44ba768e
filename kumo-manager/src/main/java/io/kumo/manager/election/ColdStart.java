package io.kumo.manager.election;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.ServerInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a manager that knows nothing finds out what the cluster was: servers show the hash spaces
 * that they have accepted, and it waits until every active server of the newest one has shown its
 * own. A server may lag behind, so the newest is known only then.
 *
 * <p>Confined to one thread.
 */
public final class ColdStart {
  /** Which of the servers that were active have come back from a crash. */
  public enum Crashes {
    /** None: each has kept running or stopped in an orderly way. */
    NONE,
    /** Some, and may lack what others have. */
    SOME,
    /** All: nobody can be held to have everything. */
    ALL
  }

  /**
   * A server tries a manager that was away at least every two seconds. One that was away itself may
   * be the first, and show an old hash space in which it is alone.
   */
  static final long WARM_UP_NS = Duration.ofSeconds(3).toNanos();

  private final long startedNs;
  private final Map<NodeAddress, ServerInfo> infos = new HashMap<>();
  private final Map<NodeAddress, Boolean> cleanByReporter = new TreeMap<>();
  private HashSpaces newest = HashSpaces.EMPTY;
  private final ManagerRules rules;
  private boolean over;

  public ColdStart(long nowNs, ManagerRules rules) {
    this.startedNs = nowNs;
    this.rules = rules;
  }

  /**
   * A server has shown what it accepted last.
   *
   * @param nodes what it was told about the nodes
   * @param clean whether its previous process stopped in an orderly way, or is still running
   */
  public void reported(
      NodeAddress server, HashSpaces shown, Map<NodeAddress, ServerInfo> nodes, boolean clean) {
    cleanByReporter.put(server, clean && !shown.write().nodes().isEmpty());
    HashSpace write = newest.write();
    if (isNewer(shown.write(), write)) {
      write = shown.write();
      infos.clear();
      infos.putAll(nodes);
    }
    HashSpace read = isNewer(shown.read(), newest.read()) ? shown.read() : newest.read();
    newest = new HashSpaces(write, read);
  }

  /** One that names somebody active comes before any that does not. */
  private static boolean isNewer(HashSpace shown, HashSpace known) {
    if (shown.isEmpty() != known.isEmpty()) {
      return known.isEmpty();
    }
    return !shown.nodes().isEmpty() && ClockTime.isNewer(shown.clockTime(), known.clockTime());
  }

  /** The newest hash spaces shown so far. */
  public HashSpaces newest() {
    return newest;
  }

  /** What the server that showed the newest hash space was told about the nodes. */
  public Map<NodeAddress, ServerInfo> infos() {
    return new TreeMap<>(infos);
  }

  /** The active servers of the newest hash space that have shown nothing yet. */
  public List<NodeAddress> awaited() {
    return newest.write().nodes().stream()
        .filter(Node::active)
        .map(Node::address)
        .filter(server -> !cleanByReporter.containsKey(server))
        .toList();
  }

  /**
   * The active servers of the newest hash space whose process ended in a crash, or that have lost
   * their disk: they show no hash space at all.
   */
  public List<NodeAddress> crashed() {
    return rules.crashed(
        newest.write().nodes().stream()
            .filter(node -> node.active() && !cleanByReporter.getOrDefault(node.address(), true))
            .map(Node::address)
            .toList());
  }

  public Crashes crashes() {
    int crashed = crashed().size();
    if (crashed == 0) {
      return Crashes.NONE;
    }
    boolean all = newest.write().nodes().stream().filter(Node::active).count() == crashed;
    return all ? Crashes.ALL : Crashes.SOME;
  }

  /** Whether all has been shown that can be waited for, and the cluster is therefore known. */
  public boolean isComplete(long nowNs) {
    boolean known = !newest.write().nodes().isEmpty();
    boolean heardAll = awaited().isEmpty() && nowNs - startedNs >= WARM_UP_NS;
    return !over && known && rules.knowsEnough(heardAll);
  }

  public boolean hasReported(NodeAddress server) {
    return cleanByReporter.containsKey(server);
  }

  /** What is known is enough, or comes from elsewhere: stop waiting. */
  public void end() {
    over = true;
  }

  public boolean isOver() {
    return over;
  }
}
