package io.kumo.manager;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.manager.admin.AdminHandlers;
import io.kumo.manager.admin.FlushControl;
import io.kumo.manager.admin.StateHandlers;
import io.kumo.manager.control.AutoReplace;
import io.kumo.manager.control.ClockWatch;
import io.kumo.manager.control.ManagerParts;
import io.kumo.manager.control.MembershipControl;
import io.kumo.manager.control.NodeWatch;
import io.kumo.manager.control.Outgoing;
import io.kumo.manager.control.Publisher;
import io.kumo.manager.control.RpcOutbox;
import io.kumo.manager.control.Views;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Succession;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.Stamps;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.rebalance.ReplaceControl;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the decisions of one manager together and connects them to its endpoint: handlers, node
 * events, and the timer that moves them. Confined to the manager's loop from {@link #start} on.
 */
public final class ManagerControl {
  private static final Logger log = LoggerFactory.getLogger(ManagerControl.class);

  private final MemberTable table;
  private final PartnerSync partner;
  private final MembershipControl membership;
  private final ReplaceControl replaces;
  private final AutoReplace autoReplace;
  private final FlushControl flushes;
  private final RpcEndpoint endpoint;
  private final long tickNs;
  private @Nullable Cancellable ticking;
  private @Nullable Cancellable following;

  /**
   * Registers everything at the endpoint, which does not listen yet.
   *
   * @param self the address of this manager, by which the pair is ranked
   */
  public ManagerControl(
      RpcEndpoint endpoint,
      HybridClock clock,
      NodeAddress self,
      @Nullable NodeAddress partnerAddress,
      ManagerTimes times,
      boolean autoReplaceEnabled) {
    TimeSource time = endpoint.transport().time();
    long nowNs = time.nanoTime();
    this.endpoint = endpoint;
    this.tickNs = times.keepaliveNs() / FailureDetector.CHECKS_PER_INTERVAL;
    FailureDetector detector = new FailureDetector(times.keepaliveNs(), nowNs);
    partner = new PartnerSync(self, partnerAddress, detector.patienceNs(), nowNs);
    table = new MemberTable(new Stamps(clock, partner::rank));
    Outgoing outgoing =
        new Outgoing(
            endpoint, clock, () -> partner.isRetired() ? 0 : table.spaces().write().clockTime());
    RpcOutbox outbox = new RpcOutbox(outgoing, times.keepaliveNs());
    replaces = new ReplaceControl(table, new RebalanceDirector(), outbox, time);
    NodeWatch watch = new NodeWatch(detector, table, partner, outbox, time, times.reconnectNs());
    membership =
        new MembershipControl(
            table, detector, watch, partner, new ColdStart(), replaces, outbox, time);
    autoReplace =
        new AutoReplace(membership, replaces, time, times.replaceDelayNs(), autoReplaceEnabled);
    Succession succession = new Succession(self, partner);
    Views views = new Views(table, replaces, succession);
    Publisher publisher = new Publisher(outgoing, table, partner, views);
    ClockWatch clockWatch = new ClockWatch(membership, times.maxClockSkewMs());
    outbox.bind(publisher, replaces, membership::heard, clockWatch);
    ManagerParts parts =
        new ManagerParts(table, partner, membership, replaces, publisher, outgoing, views);
    flushes = new FlushControl(table, publisher, outgoing, views);
    StateHandlers state = new StateHandlers(parts, succession);
    AdminHandlers admin = new AdminHandlers(parts, autoReplace, flushes, state);
    admin.register(endpoint);
    new ClusterHandlers(parts).register(endpoint, admin);
    endpoint.addNodeListener(new NodeEvents(membership, partner, autoReplace));
  }

  /** Starts to look for the partner and to watch over nodes. */
  public void start() {
    NodeAddress address = partner.partner();
    if (address != null) {
      endpoint.peer(address).keepConnected();
    }
    ticking = endpoint.transport().repeat(tickNs, "decisions", this::tick);
    tick();
  }

  /** Looks for a partner that was named, wherever its name leads; after {@link #start}. */
  public void followPartner(NamedNode name, NameFollower.Resolver resolver) {
    partner.expected(endpoint.transport().time().nanoTime());
    following = NameFollower.follow(endpoint, name, resolver, this::partnerMoved);
  }

  private void partnerMoved(@Nullable NodeAddress before, NodeAddress now) {
    Identity self = endpoint.identity();
    if (self != null && self.address().equals(now)) {
      log.error("the partner's name leads to this manager itself: {}", now);
      return;
    }
    if (before != null) {
      endpoint.peer(before).letGo("its name leads elsewhere");
    }
    partner.moved(now, endpoint.transport().time().nanoTime());
    endpoint.peer(now).keepConnected();
  }

  /** Ends the timers. */
  public void stop() {
    for (Cancellable timer : Stream.of(ticking, following).filter(Objects::nonNull).toList()) {
      timer.cancel();
    }
  }

  /** Failure detection must not end with a mistake in anything else. */
  private void tick() {
    assert endpoint.transport().inLoop();
    part("signs of life", this::hear);
    part("membership", membership::tick);
    part("replaces", () -> replaces.tick(membership.mayDecide()));
    part("automatic replace", autoReplace::tick);
    part("flushes", () -> flushes.tick(membership.mayDecide()));
  }

  /** Whoever sends anything lives, be its answer behind much else. */
  private void hear() {
    for (Peer peer : endpoint.peers()) {
      NodeAddress address = peer.address();
      if (address != null && peer.role() != null) {
        membership.heard(address, peer.heardNs());
      }
    }
  }

  private void part(String name, Runnable work) {
    endpoint.transport().guard().run("decision", name, work);
  }

  public MemberTable table() {
    return table;
  }

  public PartnerSync partner() {
    return partner;
  }

  public MembershipControl membership() {
    return membership;
  }

  public ReplaceControl replaces() {
    return replaces;
  }
}
