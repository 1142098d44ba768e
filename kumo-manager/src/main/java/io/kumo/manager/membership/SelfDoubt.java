package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether nodes that have fallen silent are lost, or this manager is: one that hears none of its
 * servers any more, or neither its partner nor half of them, has more likely been cut off itself.
 * While it doubts itself it is to mark nobody and direct nothing. It goes on doubting until it
 * hears one of them, for if it has been cut off others decide meanwhile.
 *
 * <p>Only silence counts. A node whose machine refuses connections is dead, and the network whole.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class SelfDoubt {
  /** What silent servers are to be taken for. */
  public enum Judgement {
    /** They are lost. */
    LOST,
    /** Too early to tell: others are late, too. */
    OPEN,
    /** Nothing is known of them, for this manager may be the one that is lost. */
    DOUBTED
  }

  private final LongSupplier windowNs;
  private final Map<NodeAddress, Long> silentSince = new HashMap<>();
  private boolean doubting;

  /**
   * @param windowNs silences that begin within this time are held to have one cause
   */
  public SelfDoubt(LongSupplier windowNs) {
    this.windowNs = windowNs;
  }

  public boolean isDoubting() {
    return doubting;
  }

  /** The node has been silent for too long. */
  public void silent(NodeAddress node, long nowNs) {
    silentSince.putIfAbsent(node, nowNs);
  }

  /** Nodes that have been silent for too long, and nothing has been heard of since. */
  public List<NodeAddress> silentNodes() {
    return List.copyOf(silentSince.keySet());
  }

  /**
   * Something is known of the node again: it was heard, or is dead for certain.
   *
   * @return whether that ends the doubt
   */
  public boolean known(NodeAddress node) {
    boolean ends = silentSince.remove(node) != null && doubting;
    doubting &= !ends;
    return ends;
  }

  /** Ends the doubt, and leaves what was silent to others. */
  public void forget() {
    doubting = false;
    silentSince.clear();
  }

  /**
   * What the silence of servers means, when at least one of them is silent.
   *
   * @param servers the active ones that are not dead for certain
   * @param partner null if there is none
   * @param late whether a node that is not silent yet ought to have been heard by now
   */
  public Judgement judge(
      Collection<NodeAddress> servers,
      @Nullable NodeAddress partner,
      Predicate<NodeAddress> late,
      long nowNs) {
    if (doubting) {
      return Judgement.DOUBTED;
    }
    Predicate<NodeAddress> silent = node -> isSilent(node, nowNs);
    if (isCutOff(servers, partner, silent)) {
      doubting = true;
      return Judgement.DOUBTED;
    }
    return isCutOff(servers, partner, silent.or(late)) ? Judgement.OPEN : Judgement.LOST;
  }

  private boolean isSilent(NodeAddress node, long nowNs) {
    Long sinceNs = silentSince.get(node);
    return sinceNs != null && nowNs - sinceNs <= windowNs.getAsLong();
  }

  private static boolean isCutOff(
      Collection<NodeAddress> servers,
      @Nullable NodeAddress partner,
      Predicate<NodeAddress> unheard) {
    long silent = servers.stream().filter(unheard).count();
    boolean half = 2 * silent >= servers.size();
    boolean partnerToo = partner != null && unheard.test(partner);
    return silent > 0 && (silent == servers.size() || (partnerToo && half));
  }
}
