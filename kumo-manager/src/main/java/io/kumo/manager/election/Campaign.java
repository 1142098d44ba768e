package io.kumo.manager.election;

import java.util.random.RandomGenerator;

/**
 * When a manager asks whether it would be followed: at once if it is the first of its view, one
 * lease later if it is the other, counted from when a director was heard last; and after a try that
 * came to nothing not before a pause of random length, so that two do not ask in step for ever.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class Campaign {
  private final RandomGenerator random;
  private long heardNs;
  private long notBeforeNs;

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

  /** Whether the pause after the last try is over. */
  public boolean mayTry(long nowNs) {
    return nowNs - notBeforeNs >= 0;
  }
}
