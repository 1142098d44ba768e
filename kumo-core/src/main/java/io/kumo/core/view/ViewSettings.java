package io.kumo.core.view;

/**
 * What an operator has set.
 *
 * @param leaseMs how long a lease lasts; fixed with the first view
 * @param votes whether views count by votes; else by their ClockTimes, as beside an original
 * @param orders that hold until they are taken back
 */
public record ViewSettings(
    long leaseMs, boolean autoReplace, boolean votes, StandingOrders orders) {
  public static final long DEFAULT_LEASE_MS = 2_000;
  public static final long MAX_LEASE_MS = 60_000;
  public static final ViewSettings DEFAULT = new ViewSettings(DEFAULT_LEASE_MS, false, true);

  public ViewSettings {
    if (leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
      throw new IllegalArgumentException("no lease length: " + leaseMs + " ms");
    }
  }

  /** Without standing orders. */
  public ViewSettings(long leaseMs, boolean autoReplace, boolean votes) {
    this(leaseMs, autoReplace, votes, StandingOrders.NONE);
  }

  public long leaseNs() {
    return leaseMs * 1_000_000;
  }

  /** How long a voter counts what a holder counts as {@link #leaseNs}: clocks differ in speed. */
  public long graceNs() {
    return leaseNs() + leaseNs() / 10;
  }
}
