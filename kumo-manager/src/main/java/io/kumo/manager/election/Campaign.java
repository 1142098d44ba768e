package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import java.util.random.RandomGenerator;

/**
 * When a manager asks whether it would be followed: at once if it is the first of its view, one
 * lease later if it is the other, counted from when a director was heard last; and after a try that
 * came to nothing not before a pause of random length, so that two do not ask in step for ever.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class Campaign {
  private static final int MAX_BIDS = 2;

  private final RandomGenerator random;
  private long heardNs;
  private long notBeforeNs;
  private int bids;

  /**
   * @param random draws pauses
   */
  public Campaign(RandomGenerator random, long nowNs) {
    this.random = random;
    this.heardNs = nowNs;
    this.notBeforeNs = nowNs;
  }

  /** A director is heard. */
  public void heard(long nowNs) {
    heardNs = nowNs;
  }

  /** It asks for a term of its own accord, or holds one. */
  public void begun() {
    bids = 0;
  }

  /**
   * Whether to ask above the term of another manager that asks, too. Two that outbid each other at
   * every answer would do so for as long as both are equally far from the voters: after a few times
   * it is better to pause.
   */
  public boolean mayOutbid() {
    return ++bids <= MAX_BIDS;
  }

  /**
   * A try came to nothing.
   *
   * @param leaseNs length of a lease
   */
  public void failed(long leaseNs, long nowNs) {
    notBeforeNs = nowNs + leaseNs / 4 + random.nextLong(leaseNs);
  }

  /**
   * Whether to ask now, when no director is heard.
   *
   * @param rank 0 for the first of the view's managers
   */
  public boolean isDue(int rank, long leaseNs, long nowNs) {
    return nowNs - heardNs >= rank * leaseNs && mayTry(nowNs);
  }

  /**
   * The same for a manager, as views name it. Those before the present managers may end the change
   * that replaces them, and no more.
   *
   * @param known newest view that it knows of
   * @param installed what is installed at it
   */
  public boolean isDue(NodeAddress self, ClusterView known, ViewId installed, long nowNs) {
    int rank = known.electorate().managers().indexOf(self);
    boolean open = !known.id().equals(installed);
    boolean named = rank >= 0 || (open && known.electorate().names(self));
    return !known.isNone() && named && isDue(Math.max(0, rank), known.settings().leaseNs(), nowNs);
  }

  /** Whether the pause after the last try is over. */
  public boolean mayTry(long nowNs) {
    return nowNs - notBeforeNs >= 0;
  }
}
