package io.kumo.manager.membership;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.SelfDoubt.Judgement;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which servers are gone: those that are dead for certain at once, and those that have fallen
 * silent unless it is rather this manager that has been cut off ({@link SelfDoubt}). Confined to
 * the manager's loop.
 */
public final class NodeWatch {
  private static final Logger log = LoggerFactory.getLogger(NodeWatch.class);

  private final FailureDetector detector;
  private final SelfDoubt doubt;
  private final MemberTable table;
  private final PartnerLink partner;
  private final Predicate<NodeAddress> isDead;
  private final TimeSource time;
  private final long reconnectNs;
  private final Set<NodeAddress> gone = new HashSet<>();
  private final Set<NodeAddress> decided = new LinkedHashSet<>();
  private long healedNs;
  private boolean open;
  private BooleanSupplier byVotes = () -> false;

  /**
   * @param isDead whether the node's process is known to be gone, and not only silent
   * @param reconnectNs by when all that can be reached again have connected again
   */
  public NodeWatch(
      FailureDetector detector,
      MemberTable table,
      PartnerLink partner,
      Predicate<NodeAddress> isDead,
      TimeSource time,
      long reconnectNs) {
    this.detector = detector;
    this.doubt = new SelfDoubt(detector::patienceNs);
    this.table = table;
    this.partner = partner;
    this.isDead = isDead;
    this.time = time;
    this.reconnectNs = reconnectNs;
    this.healedNs = time.nanoTime() - reconnectNs();
  }

  private long reconnectNs() {
    return Math.max(reconnectNs, detector.patienceNs());
  }

  /** Who is silent is lost where votes tell whether this manager is cut off. */
  public void trustVotes(BooleanSupplier votes) {
    byVotes = votes;
  }

  /**
   * This manager begins to direct by votes.
   *
   * @param wasCutOff whether it heard too few in a span of so many nanoseconds that ends now: whom
   *     it has lost may only not have had the time to reconnect
   */
  public void begin(LongPredicate wasCutOff) {
    doubt.forget();
    if (wasCutOff.test(reconnectNs())) {
      partnerMet();
    }
  }

  /** Whether this manager may have been cut off: it is to change nothing. */
  public boolean isDoubting() {
    return doubt.isDoubting();
  }

  /** Whether it will soon be known who is lost: it is not to begin to direct before. */
  public boolean isOpen() {
    return open;
  }

  public boolean isGone(NodeAddress server) {
    return gone.contains(server);
  }

  /** Whether the node has not missed more than one or two heartbeats. */
  public boolean isHeard(NodeAddress node) {
    return detector.watches(node) && !detector.isLate(node, time.nanoTime());
  }

  /** The node has connected. */
  public void appeared(NodeAddress node) {
    gone.remove(node);
    detector.watch(node, time.nanoTime());
    known(node);
  }

  /** Something was heard of the node. */
  public void heard(NodeAddress node) {
    detector.heard(node, time.nanoTime());
    known(node);
  }

  /** A server that ought to be there is waited for, if it is not already. */
  public void expect(NodeAddress server) {
    if (!detector.watches(server)) {
      long nowNs = time.nanoTime();
      long graceNs = Math.max(detector.patienceNs(), healedNs + reconnectNs() - nowNs);
      detector.watch(server, nowNs, graceNs);
    }
  }

  /** The session with the node has ended, or it could not be had in time. */
  public void lost(NodeAddress node) {
    detector.unwatch(node);
    boolean counts = partner.isPartner(node) || table.spaces().write().isActive(node);
    if (counts && !isDead.test(node)) {
      doubt.silent(node, time.nanoTime());
    } else {
      isLost(node);
    }
  }

  private void isLost(NodeAddress node) {
    known(node);
    if (!partner.isPartner(node)) {
      gone.add(node);
      decided.add(node);
    }
  }

  /** The partner is back: whom this manager has lost may be there for it. */
  public void partnerMet() {
    gone.clear();
    healedNs = time.nanoTime();
  }

  /** Decides on the silent; gives the servers that are gone for certain since it was last asked. */
  public List<NodeAddress> judge() {
    doubt.silentNodes().stream().filter(isDead).forEach(this::isLost);
    boolean doubted = doubt.isDoubting();
    Judgement judgement = judgeSilent();
    open = judgement == Judgement.OPEN;
    if (judgement == Judgement.LOST) {
      silentServers().forEach(this::isLost);
    } else if (judgement == Judgement.DOUBTED && !doubted) {
      log.error(
          LogId.CUT_OFF,
          "nothing is heard of {} any more: this manager may be cut off; it marks nobody fault and"
              + " directs nothing until it hears one of them",
          doubt.silentNodes());
    }
    List<NodeAddress> lost = List.copyOf(decided);
    decided.clear();
    return lost;
  }

  private List<NodeAddress> silentServers() {
    return doubt.silentNodes().stream().filter(node -> !partner.isPartner(node)).toList();
  }

  private Judgement judgeSilent() {
    if (doubt.silentNodes().isEmpty() || byVotes.getAsBoolean()) {
      return Judgement.LOST;
    }
    long nowNs = time.nanoTime();
    List<NodeAddress> servers =
        table.spaces().write().nodes().stream()
            .filter(Node::active)
            .map(Node::address)
            .filter(server -> !gone.contains(server))
            .toList();
    return doubt.judge(servers, partner.partner(), node -> detector.isLate(node, nowNs), nowNs);
  }

  /** What is silent is given up, whether or not this manager may have been cut off. */
  public void insist() {
    List<NodeAddress> silent = silentServers();
    doubt.forget();
    open = false;
    if (!silent.isEmpty()) {
      log.warn("told not to wait for {}, which nothing is heard of", silent);
      silent.forEach(this::isLost);
    }
  }

  private void known(NodeAddress node) {
    if (doubt.known(node)) {
      log.warn(
          "{} is there: this manager goes on when the others have had time to reconnect", node);
      gone.clear();
      healedNs = time.nanoTime();
      List<NodeAddress> others = silentServers();
      doubt.forget();
      others.forEach(detector::unwatch);
      others.forEach(this::expect);
      partner.await(healedNs, reconnectNs());
    }
  }
}
