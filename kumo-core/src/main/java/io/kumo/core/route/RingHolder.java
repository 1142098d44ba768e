package io.kumo.core.route;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.TimeBound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The hash spaces that are routed by: the newest that managers and servers have shown it.
 *
 * <p>A hash space replaces the one held when that has no active node, or when the new one has and
 * is not older, as in kumofs 0.4.13. Confined to its event loop.
 */
public final class RingHolder {
  private final Function<NodeAddress, Peer> peers;
  private final List<Runnable> listeners = new ArrayList<>();
  private Map<NodeAddress, Target> targets = Map.of();
  private List<Target> takenOut = List.of();
  private PublishedSpaces view = PublishedSpaces.EMPTY;
  private @Nullable TimeBound bound;

  /**
   * @param peers the session with a server, not yet connected perhaps
   */
  public RingHolder(Function<NodeAddress, Peer> peers) {
    this.peers = peers;
  }

  /** Before anything is adopted: what is newer than this lets is not. */
  public void boundBy(TimeBound timeBound) {
    bound = timeBound;
  }

  /** Is told after the hash spaces have changed. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Takes over what is newer, as a server shows it in a refusal; returns whether anything was. A
   * server may hold hash spaces whose newest nodes nobody has described to it yet. Such a node
   * would pass for one of kumofs 0.4.13, to which a write has no request id, so that hash space is
   * left to the managers, who tell it with what they know of the node.
   */
  boolean adoptFromServer(PublishedSpaces shown) {
    boolean describesAll =
        shown.spaces().write().nodes().stream()
            .filter(Node::active)
            .map(Node::address)
            .allMatch(node -> targets.containsKey(node) || isDescribed(node, shown.extras()));
    return describesAll && replace(keepingNodes(shown));
  }

  private static boolean isDescribed(NodeAddress node, ClusterExtras extras) {
    return extras.find(node).isPresent();
  }

  /** Whom the view does not describe is what it was. */
  private PublishedSpaces keepingNodes(PublishedSpaces shown) {
    if (!shown.extras().isPresent()) {
      return shown;
    }
    List<NodeExtras> nodes = new ArrayList<>(shown.extras().nodes());
    view.extras().nodes().stream()
        .filter(known -> !isDescribed(known.address(), shown.extras()))
        .filter(known -> shown.spaces().write().find(known.address()).isPresent())
        .forEach(nodes::add);
    nodes.sort(Comparator.comparing(NodeExtras::address));
    return new PublishedSpaces(shown.spaces(), shown.extras().withNodes(nodes));
  }

  /**
   * Takes over what is newer, as a manager shows it; returns whether anything was. One that has
   * just started may know less of the nodes than is known here of the same hash space.
   */
  public boolean adopt(PublishedSpaces received) {
    HashSpace heldWrite = view.spaces().write();
    boolean same = received.spaces().write().clockTime() == heldWrite.clockTime();
    return replace(same && !heldWrite.isEmpty() ? keepingNodes(received) : received);
  }

  private boolean replace(PublishedSpaces received) {
    if (bound != null && bound.refuses("a view", received.latestClockTime(), "those asked")) {
      return false;
    }
    HashSpaces held = view.spaces();
    HashSpaces shown = received.spaces();
    boolean takesWrite = replaces(shown.write(), held.write());
    HashSpace write = takesWrite ? shown.write() : held.write();
    HashSpace read = replaces(shown.read(), held.read()) ? shown.read() : held.read();
    boolean takesExtras = takesWrite && received.extras().isPresent();
    ManagerList managers = view.extras().managers().newer(received.extras().managers());
    ClusterExtras extras = (takesExtras ? received.extras() : view.extras()).withManagers(managers);
    boolean changed =
        differs(write, held.write()) || differs(read, held.read()) || !extras.equals(view.extras());
    if (changed) {
      takenOut = noLongerActive(held.write(), write);
      view = new PublishedSpaces(new HashSpaces(write, read), extras);
      targets = targets(view);
      listeners.forEach(Runnable::run);
    }
    return changed;
  }

  private List<Target> noLongerActive(HashSpace before, HashSpace now) {
    return before.nodes().stream()
        .filter(node -> node.active() && !now.isActive(node.address()))
        .map(node -> targets.get(node.address()))
        .toList();
  }

  private static boolean replaces(HashSpace shown, HashSpace held) {
    boolean older = Long.compareUnsigned(shown.clockTime(), held.clockTime()) < 0;
    return held.isEmpty() || !(shown.isEmpty() || older);
  }

  private static boolean differs(HashSpace one, HashSpace other) {
    return one.clockTime() != other.clockTime() || !one.sameNodes(other);
  }

  private Map<NodeAddress, Target> targets(PublishedSpaces of) {
    Map<NodeAddress, Target> map = new HashMap<>();
    List<Node> nodes = new ArrayList<>(of.spaces().write().nodes());
    nodes.addAll(of.spaces().read().nodes());
    for (Node node : nodes) {
      map.computeIfAbsent(node.address(), address -> target(address, of.extras()));
    }
    return map;
  }

  private Target target(NodeAddress address, ClusterExtras extras) {
    int capabilities = extras.find(address).map(NodeExtras::capabilities).orElse(0);
    return new Target(address, peers.apply(address), capabilities);
  }

  /** Servers that the last change made fault, or detached. */
  List<Target> takenOut() {
    return takenOut;
  }

  /** What is held now. */
  public PublishedSpaces view() {
    return view;
  }

  /** Records up to this ClockTime are absent; 0 if there was no flush_all. */
  long flushClockTime() {
    return view.extras().flushClockTime();
  }

  /** Whether there is no active server to write to, or none to read from. */
  boolean isEmpty() {
    return view.spaces().write().isEmpty();
  }

  /** Who decides writes to keys of this hash; null when all their replicas are fault. */
  @Nullable Target coordinator(long hash) {
    NodeAddress address = view.spaces().write().coordinator(hash);
    return address == null ? null : targets.get(address);
  }

  /**
   * Who else to read from: leaves out the first {@code offset} replicas, and gives the first active
   * one from there on; null if there is none.
   */
  @Nullable Target replica(long hash, int offset) {
    List<Node> replicas = view.spaces().read().replicas(hash);
    for (int i = offset; i < replicas.size(); i++) {
      if (replicas.get(i).active()) {
        return targets.get(replicas.get(i).address());
      }
    }
    return null;
  }

  /** How many servers have a record to be read, where there are so many. */
  int copies() {
    return view.spaces().read().copies();
  }

  /** All servers known, active or not. */
  public List<NodeAddress> servers() {
    return List.copyOf(targets.keySet());
  }
}
