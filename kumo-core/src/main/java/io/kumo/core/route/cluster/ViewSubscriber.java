package io.kumo.core.route.cluster;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the hash spaces up to date: takes what managers push, and asks each of them at the start,
 * in an interval, and after a number of errors. A manager that is absent is tried on, and said so
 * once. When an operator has named other managers, which comes with the hash spaces, it follows
 * those. Confined to its event loop.
 */
public final class ViewSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(ViewSubscriber.class);
  private static final long LEAVE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int MISSED_LIMIT = 3;

  private final RpcEndpoint endpoint;
  private final RingHolder ring;
  private List<ManagerLink> links;
  private final List<Cancellable> following = new ArrayList<>();
  private ManagerList followed = ManagerList.NONE;
  private final ManagerOptions options;
  private int errors;
  private @Nullable Cancellable asking;

  /** Asks nobody before {@link #start}. */
  public ViewSubscriber(RpcEndpoint endpoint, RingHolder ring, ManagerOptions options) {
    this.endpoint = endpoint;
    this.ring = ring;
    ring.boundBy(endpoint.timeBound());
    this.options = options;
    this.links = options.managers().stream().map(ManagerLink::new).toList();
    endpoint.handle(
        Method.HASH_SPACE_PUSH,
        HashSpacePush.class,
        (push, caller, reply) -> {
          adopt(push.view(), caller.remote());
          reply.bool(true);
        });
  }

  /** Begins asking. */
  public void start() {
    asking = endpoint.transport().repeat(options.intervalNs(), "asking managers", this::renew);
    renew();
  }

  /** Follows managers that were named, wherever their names lead. */
  public void follow(List<NamedNode> names, NameFollower.Resolver resolver) {
    names.forEach(
        name -> following.add(NameFollower.follow(endpoint, name, resolver, this::moved)));
  }

  private void moved(@Nullable NodeAddress before, NodeAddress now) {
    if (followed.isPresent()) {
      return;
    }
    List<ManagerLink> others = new ArrayList<>(links);
    others.removeIf(link -> link.address.equals(before) && link.leave("its name leads elsewhere"));
    if (others.stream().noneMatch(link -> link.address.equals(now))) {
      others.add(new ManagerLink(now));
    }
    links = List.copyOf(others);
    renew();
  }

  public void stop() {
    if (asking != null) {
      asking.cancel();
    }
    following.forEach(Cancellable::cancel);
  }

  /** Asks all managers now. */
  public void renew() {
    assert endpoint.transport().inLoop();
    links.forEach(ManagerLink::request);
  }

  /** An attempt has failed: perhaps the hash spaces are out of date. */
  public void countError() {
    if (++errors > options.renewThreshold()) {
      errors = 0;
      renew();
    }
  }

  /** Whether some manager answered when asked last. */
  public boolean isConnected() {
    return links.stream().anyMatch(link -> link.answered);
  }

  private void adopt(PublishedSpaces view, String from) {
    if (ring.adopt(view)) {
      LOG.info(
          "new hash space from {}: {} servers, {} active",
          from,
          view.spaces().write().nodes().size(),
          view.spaces().write().nodes().stream().filter(node -> node.active()).count());
    }
    ManagerList named = ring.view().extras().managers();
    if (named.isPresent() && !named.equals(followed)) {
      follow(named);
    }
  }

  /** The managers that are followed. */
  public List<NodeAddress> addresses() {
    return links.stream().map(link -> link.address).toList();
  }

  /** The managers that are connected and have shown that they are none of kumofs 0.4.13. */
  public List<Peer> extendedManagers() {
    return links.stream()
        .filter(link -> link.extended && link.peer.connected())
        .map(link -> link.peer)
        .toList();
  }

  private void follow(ManagerList named) {
    followed = named;
    LOG.warn("told to follow the managers {}; -m and -p should say so, too", named.addresses());
    List<ManagerLink> former = links;
    links = named.addresses().stream().map(ManagerLink::new).toList();
    renew();
    // The answer to the manager that said so is still to be sent.
    endpoint.transport().schedule(LEAVE_NS, () -> former.forEach(this::leave));
  }

  private void leave(ManagerLink former) {
    if (!addresses().contains(former.address)) {
      former.leave("the cluster has other managers");
    }
  }

  /** One manager. */
  private final class ManagerLink implements ReplyHandler {
    private final NodeAddress address;
    private final Peer peer;
    private boolean asking;
    private boolean answered;
    private boolean complained;
    private boolean extended;

    ManagerLink(NodeAddress address) {
      this.address = address;
      this.peer = endpoint.peer(address);
    }

    boolean leave(String reason) {
      peer.letGo(reason);
      return true;
    }

    void request() {
      if (asking) {
        return;
      }
      asking = true;
      peer.keepConnected();
      peer.call(HashSpaceRequest.ours(), MISSED_LIMIT * options.intervalNs(), this);
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      PublishedSpaces view = PublishedSpaces.read(result);
      asking = false;
      extended = view.extras().isPresent();
      if (!answered) {
        answered = true;
        complained = false;
        LOG.info("connect success {}", peer);
      }
      adopt(view, peer.toString());
    }

    @Override
    public void error(ErrorCode code, String detail) {
      asking = false;
      answered = false;
      if (!complained) {
        complained = true;
        LOG.warn(
            LogId.NO_MANAGER_ANSWERS, "manager {} does not answer ({}); trying on", peer, detail);
      }
    }
  }
}
