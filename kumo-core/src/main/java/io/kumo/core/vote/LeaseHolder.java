package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a server may coordinate a key: by which views it goes, and by which leases. Immutable;
 * each event gives the next state.
 *
 * <p>A server <em>notes</em> a view when it is published, before anybody has accepted it, and
 * <em>installs</em> it when it is committed. It coordinates a key while both views name it for that
 * key, the noted one is the installed version or the next one, and it has leases from so many
 * voters of both that no quorum can do without them. So while it acts,
 *
 * <ul>
 *   <li>no view newer than the noted one is committed that follows the installed or the noted one:
 *       a voter in its quorum has granted a lease and waits;
 *   <li>a view that was committed after the installed one is the noted one, and names this server,
 *       too.
 * </ul>
 *
 * <p>Confined to the thread of the server's {@link Acceptor}.
 *
 * @param installed newest view that is known to be committed
 * @param noted newest view that was published, as far as this process has heard
 */
public record LeaseHolder(
    VoteRules rules, NodeAddress self, ClusterView installed, ClusterView noted, Lease lease) {

  /**
   * What an event led to.
   *
   * @param installs views to install now, in this order
   */
  public record Advance(LeaseHolder next, List<Install> installs) {
    public Advance {
      installs = List.copyOf(installs);
    }
  }

  /**
   * A view to install.
   *
   * @param skips whether views between this and the one before were never seen: what the server has
   *     is unverified then, and so is its dedup window
   */
  public record Install(ClusterView view, boolean skips) {}

  /** Of a process that starts, which has no lease. */
  public static LeaseHolder started(
      VoteRules rules, NodeAddress self, ClusterView installed, ClusterView accepted) {
    return new LeaseHolder(rules, self, installed, accepted.newer(installed), Lease.NONE);
  }

  /**
   * A view was published, or shown by a voter that refuses a lease. One in a term below what this
   * server's own vote has promised is not noted.
   *
   * @param promisedTerm of the server's own {@link Acceptor}
   */
  public Advance note(ClusterView view, long promisedTerm) {
    if (view.term() < promisedTerm || !follows(view, noted)) {
      return new Advance(this, List.of());
    }
    boolean provesNoted =
        view.term() == noted.term()
            && view.version() == noted.version() + 1
            && noted.isNewerThan(installed);
    List<Install> installs = new ArrayList<>();
    ClusterView base = installed;
    if (provesNoted) {
      installs.add(install(noted));
      base = noted;
    }
    return new Advance(new LeaseHolder(rules, self, base, view, lease), installs);
  }

  /** A director, or whoever has installed it, says that a view is committed. */
  public Advance commit(ClusterView view) {
    if (!follows(view, installed)) {
      return new Advance(this, List.of());
    }
    LeaseHolder next = new LeaseHolder(rules, self, view, noted.newer(view), lease);
    return new Advance(next, List.of(install(view)));
  }

  private static boolean follows(ClusterView view, ClusterView known) {
    return view.cluster().isOpenTo(known.cluster()) && view.isNewerThan(known);
  }

  private Install install(ClusterView view) {
    boolean foreign = view.cluster().id() != installed.cluster().id();
    return new Install(view, foreign || view.version() > installed.version() + 1);
  }

  /** A voter has granted what was sent at that time. */
  public LeaseHolder granted(Voter by, ClockReading sent, ClockReading received) {
    Lease longer = lease.granted(by, rules.countedFrom(sent, received));
    return with(longer.withoutEnded(noted.settings().leaseMs(), received));
  }

  /** Gives coordination back: this process holds no lease from now on, until it asks again. */
  public LeaseHolder released() {
    return with(Lease.NONE);
  }

  /**
   * What is asked of {@link #voters}, four times in the length of a lease.
   *
   * @param own the server's own vote
   */
  public LeaseRequest request(VoteState own) {
    ViewId named = rules.named(noted.id(), own.accepted().id());
    return new LeaseRequest(own.self(), own.process(), named, noted.cluster().id());
  }

  /** Whom to ask for leases: the voters of both views. */
  public Set<Voter> voters() {
    Set<Voter> both = new TreeSet<>(installed.voters().members());
    both.addAll(noted.voters().members());
    return both;
  }

  /** Whether there are leases enough, whatever the key. */
  public boolean hasLease(ClockReading now) {
    Set<Voter> from = lease.holdsFrom(noted.settings().leaseMs(), now);
    return installed.voters().meetsEveryQuorum(from) && noted.voters().meetsEveryQuorum(from);
  }

  /**
   * Whether this server coordinates a key. For an answer it is asked again when the record has been
   * read, by clocks that were read after it.
   */
  public boolean coordinates(long hash, ClockReading now) {
    return isNamed(hash) && hasLease(now);
  }

  /** Whether both of its views have it coordinate a key, if it has leases. */
  public boolean isNamed(long hash) {
    return rules.coordinates(self, hash, installed, noted);
  }

  private LeaseHolder with(Lease other) {
    return new LeaseHolder(rules, self, installed, noted, other);
  }
}
