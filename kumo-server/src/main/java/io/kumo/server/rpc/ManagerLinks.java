package io.kumo.server.rpc;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.original.ReadHashSpaceRequest;
import io.kumo.core.protocol.original.WriteHashSpaceRequest;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Keepalive;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.view.Electorate;
import io.kumo.server.view.ServerState;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the server in touch with its managers: connected, alive, and following the newest hash
 * spaces. Main loop only.
 *
 * <p>Whenever a manager's session comes up, it is shown what this server took last, and is asked
 * for what it has, repeated while the session lives; one of kumofs 0.4.13 for the read hash space,
 * then for the write hash space. A manager that has something older later is shown what has come
 * from elsewhere since.
 *
 * <p>An operator may name other managers while the server runs: they come with the hash spaces, are
 * kept beside them, and are followed instead of those of the command line. A server that starts
 * looks for both.
 */
public final class ManagerLinks implements NodeListener {
  private static final Logger log = LoggerFactory.getLogger(ManagerLinks.class);
  private static final long PATIENCE_NS = Duration.ofSeconds(3).toNanos();
  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long LEAVE_NS = Duration.ofSeconds(1).toNanos();
  private static final long RETRY_NS = Duration.ofMillis(500).toNanos();

  private final RpcEndpoint endpoint;
  private final List<NodeAddress> managers;
  private final ViewHolder spaces;
  private final HybridClock clock;
  private final Heartbeats heartbeats;
  private final ServerState state;
  private final ManagerClocks clocks;
  private final Map<NodeAddress, Keepalive> links = new LinkedHashMap<>();
  private final Map<NodeAddress, HashSpaces> shown = new HashMap<>();
  private final List<Cancellable> following = new ArrayList<>();
  private ManagerList followed = ManagerList.NONE;
  private boolean stopped;

  public ManagerLinks(
      RpcEndpoint endpoint,
      List<NodeAddress> managers,
      ViewHolder spaces,
      HybridClock clock,
      AdjustableInterval keepaliveInterval,
      ServerState state,
      ManagerClocks clocks) {
    this.endpoint = endpoint;
    this.managers = List.copyOf(managers);
    this.spaces = spaces;
    this.clock = clock;
    this.heartbeats = new Heartbeats(endpoint, clock, keepaliveInterval);
    this.state = state;
    this.clocks = clocks;
  }

  /** Another view is installed, which may name other managers. */
  public void viewInstalled() {
    if (spaces.voted().isNone()) {
      follow(spaces.view().extras().managers());
    } else {
      follow(spaces.voted().electorate());
    }
  }

  /**
   * Who was named on the command line and belongs to no view is looked for all the same: a cluster
   * may take it in later.
   */
  private void follow(Electorate electorate) {
    electorate.managers().forEach(this::join);
    List<NodeAddress> left = new ArrayList<>(electorate.formerManagers());
    left.removeAll(electorate.managers());
    left.retainAll(links.keySet());
    if (!left.isEmpty()) {
      log.warn("the cluster follows the managers {} now", electorate.managers());
      // The answer to the manager that said so is still to be sent.
      endpoint.transport().schedule(LEAVE_NS, () -> leaveFormer(left));
    }
  }

  private void leaveFormer(List<NodeAddress> former) {
    List<NodeAddress> now = spaces.voted().electorate().managers();
    for (NodeAddress address : former) {
      if (!stopped && links.containsKey(address) && !now.contains(address)) {
        leave(address, "the cluster has other managers");
      }
    }
  }

  /** Connects, and keeps on trying until the server stops. */
  public void start() {
    managers.forEach(this::join);
    followed = spaces.view().extras().managers();
    followed.addresses().forEach(this::join);
    spaces.voted().electorate().managers().forEach(this::join);
  }

  /** Follows managers that were named, wherever their names lead; before {@link #start}. */
  public void follow(List<NamedNode> names, NameFollower.Resolver resolver) {
    names.forEach(
        name -> following.add(NameFollower.follow(endpoint, name, resolver, this::moved)));
  }

  private void moved(@Nullable NodeAddress before, NodeAddress now) {
    if (before != null && links.containsKey(before)) {
      leave(before, "its name leads elsewhere");
    }
    if (!followed.isPresent()) {
      join(now);
    }
  }

  public void stop() {
    stopped = true;
    following.forEach(Cancellable::cancel);
    links.values().forEach(Keepalive::stop);
  }

  private void join(NodeAddress address) {
    if (stopped || links.containsKey(address)) {
      return;
    }
    Peer peer = endpoint.peer(address);
    links.put(address, heartbeats.to(peer, aheadMs -> clocks.measured(address, aheadMs)));
    endpoint.transport().schedule(PATIENCE_NS, () -> tellIfAbsent(peer));
  }

  private void follow(ManagerList list) {
    if (!list.isPresent() || list.equals(followed)) {
      return;
    }
    followed = list;
    log.warn("told to follow the managers {}; -m and -p should say so, too", list.addresses());
    list.addresses().forEach(this::join);
    // The answer to the manager that said so is still to be sent.
    endpoint.transport().schedule(LEAVE_NS, () -> leaveOthers(list));
  }

  private void leaveOthers(ManagerList list) {
    if (stopped || !list.equals(followed)) {
      return;
    }
    for (NodeAddress address : List.copyOf(links.keySet())) {
      if (!list.addresses().contains(address)) {
        leave(address, "the cluster has other managers");
      }
    }
  }

  private void leave(NodeAddress address, String reason) {
    links.remove(address).stop();
    shown.remove(address);
    endpoint.peer(address).letGo(reason);
  }

  /** The managers that this server looks for. */
  Set<NodeAddress> addresses() {
    return new LinkedHashSet<>(links.keySet());
  }

  private static void tellIfAbsent(Peer peer) {
    if (!peer.connected()) {
      log.warn(LogId.MANAGER_AWAY, "manager {} is not there yet; trying on", peer);
    }
  }

  @Override
  public void nodeAppeared(Peer peer) {
    log.info("new node {} {}", peer.role(), peer);
    if (peer.role() == Role.MANAGER && links.containsKey(peer.address())) {
      report(peer);
      askForSpaces(peer);
    }
  }

  /**
   * Asks a manager for its hash spaces: one of kumofs 0.4.13 as its own servers do, any other with
   * what it knows of their nodes, or others would be shown hash spaces with nodes that nobody has
   * described.
   */
  public void askForSpaces(Peer manager) {
    if (spaces.countsVotes()) {
      return;
    }
    if (Capabilities.isExtended(manager.capabilities())) {
      ask(manager, HashSpaceRequest.ours(), result -> spaces.offer(PublishedSpaces.read(result)));
    } else {
      ask(manager, new ReadHashSpaceRequest(), result -> offerRead(HashSpaceCodec.read(result)));
      ask(manager, new WriteHashSpaceRequest(), result -> offerWrite(HashSpaceCodec.read(result)));
    }
  }

  @Override
  public void nodeLost(Peer peer) {
    log.info("lost node {}", peer);
  }

  private void offerRead(HashSpace read) {
    spaces.offer(new PublishedSpaces(new HashSpaces(HashSpace.EMPTY, read), ClusterExtras.NONE));
  }

  private void offerWrite(HashSpace write) {
    spaces.offer(new PublishedSpaces(new HashSpaces(write, HashSpace.EMPTY), ClusterExtras.NONE));
  }

  /** A manager has older hash spaces: it is shown these, unless it has been already. */
  void foundBehind(Peer manager) {
    boolean isShown = spaces.latest().equals(shown.get(manager.address()));
    if (links.containsKey(manager.address()) && !isShown) {
      report(manager);
    }
  }

  /** What is not durable yet counts: this server may be the only one to know of it. */
  private void report(Peer manager) {
    if (!Capabilities.isExtended(manager.capabilities())) {
      return;
    }
    PublishedSpaces view = spaces.latestView();
    shown.put(manager.address(), view.spaces());
    manager.call(
        new HashSpaceReport(view, state.isClean(), clock.next(), state.isNew()),
        CALL_TIMEOUT_NS,
        new Retry(manager, () -> report(manager), result -> {}));
  }

  private void ask(Peer manager, Message request, AnswerReader reader) {
    manager.call(
        request, CALL_TIMEOUT_NS, new Retry(manager, () -> ask(manager, request, reader), reader));
  }

  /** Reads a result. */
  private interface AnswerReader {
    void read(ByteBuf result) throws MalformedMessageException;
  }

  /** Repeats a call that failed, for as long as the session with the manager lasts. */
  private final class Retry implements ReplyHandler {
    private final Peer manager;
    private final long incarnation;
    private final Runnable again;
    private final AnswerReader reader;

    Retry(Peer manager, Runnable again, AnswerReader reader) {
      this.manager = manager;
      this.incarnation = manager.incarnation();
      this.again = again;
      this.reader = reader;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      reader.read(result);
    }

    @Override
    public void error(ErrorCode code, String detail) {
      log.debug("manager {} did not answer: {}", manager, detail);
      endpoint.transport().schedule(RETRY_NS, this::repeat);
    }

    private void repeat() {
      if (manager.role() != null && manager.incarnation() == incarnation) {
        again.run();
      }
    }
  }
}
