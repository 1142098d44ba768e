package io.kumo.gateway.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes room when others wait for it: the connections that have held most for longest give up what
 * they hold. As long as it is mostly requests under way that take the room, others wait for those,
 * for it is the servers that are slow. A client that sends or reads at any pace of its own holds
 * little, or not for long, and is never among them while one is that does neither. Confined to its
 * event loop.
 */
public final class Relief {
  /** Nobody goes for what it holds since a shorter time, unless the bound itself is reached. */
  static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /** A connection that holds something. */
  public interface Holder {
    /** What it holds, brought up to date. */
    Holding holding();

    /** It is in the list no more. */
    void unlisted();

    /** Gives up as much as it can of what it holds. The holding is up to date afterwards. */
    void giveUp();
  }

  private record Weighed(Holder holder, double weight) {}

  private final FlightBudget budget;
  private final List<Holder> holders = new ArrayList<>();

  public Relief(FlightBudget budget) {
    this.budget = budget;
  }

  /** One more that holds something; it stays listed until a look finds that it holds nothing. */
  public void add(Holder holder) {
    holders.add(holder);
  }

  /** What each connection that holds something may hold when all do. */
  public long share() {
    return budget.share(holders.size());
  }

  /**
   * Drops those from the list that hold nothing any more; makes room for the first that waits, and
   * for more behind it, so that a long queue does not take as many looks.
   */
  public void look(long nowNs) {
    holders.removeIf(Relief::isEmpty);
    long wanted = budget.wantedBytes();
    long blamed = 0;
    for (int i = 0; wanted > 0 && i < holders.size(); i++) {
      blamed += holders.get(i).holding().blamedBytes();
    }
    if (blamed > budget.blameable()) {
      free(nowNs, wanted, false);
    }
  }

  private static boolean isEmpty(Holder holder) {
    boolean empty = holder.holding().bytes() == 0;
    if (empty) {
      holder.unlisted();
    }
    return empty;
  }

  /** Brings the whole below its bound with {@code more} bytes, if giving up can do that. */
  public void makeRoom(long nowNs, long more) {
    if (budget.overflow(more) > 0) {
      free(nowNs, more, true);
    }
  }

  private void free(long nowNs, long more, boolean hard) {
    List<Weighed> heaviest = new ArrayList<>();
    for (Holder holder : holders) {
      Holding holding = holder.holding();
      boolean soft = holding.blamedBytes() > 0 && holding.ageNs(nowNs) >= GRACE_NS;
      if (soft || (hard && holding.bytes() > 0)) {
        heaviest.add(new Weighed(holder, holding.weight(nowNs)));
      }
    }
    heaviest.sort(Comparator.comparingDouble(Weighed::weight).reversed());
    for (Weighed next : heaviest) {
      long excess =
          hard ? budget.overflow(more) + budget.margin() : budget.excess(more) + budget.blameable();
      if (excess <= 0) {
        return;
      }
      next.holder().giveUp();
    }
  }
}
