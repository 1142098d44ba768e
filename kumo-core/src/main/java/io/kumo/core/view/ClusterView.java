package io.kumo.core.view;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.NodeAddress;
import java.util.List;

/**
 * All that a cluster agrees on; a new director has to know nothing else. Immutable.
 *
 * <p>It counts when it is <em>committed</em>: a quorum of its voters and a quorum of the former
 * voters have accepted it in its term. Views follow one another: version n + 1 is published only
 * when version n is committed, and its former voters are the voters of version n.
 */
public record ClusterView(
    ViewId id,
    ClusterId cluster,
    ViewLayout layout,
    ViewFlush flush,
    ViewSettings settings,
    Electorate electorate) {
  /** Of a node that knows no view; older than all others. */
  public static final ClusterView NONE =
      new ClusterView(
          ViewId.NONE,
          ClusterId.NONE,
          ViewLayout.EMPTY,
          ViewFlush.NONE,
          ViewSettings.DEFAULT,
          Electorate.NONE);

  public boolean isNone() {
    return id.equals(ViewId.NONE);
  }

  /** Of its hash spaces and its flush. */
  public long latestClockTime() {
    long write = layout.spaces().write().clockTime();
    long read = layout.spaces().read().clockTime();
    return ClockTime.max(ClockTime.max(write, read), flush.time());
  }

  public long term() {
    return id.term();
  }

  public long version() {
    return id.version();
  }

  public Voters voters() {
    return electorate.voters();
  }

  public Voters formerVoters() {
    return electorate.formerVoters();
  }

  public boolean isNewerThan(ClusterView other) {
    return id.isNewerThan(other.id);
  }

  /** The newer of two. */
  public ClusterView newer(ClusterView other) {
    return other.isNewerThan(this) ? other : this;
  }

  /** Whether only the terms may differ. */
  public boolean sameContent(ClusterView other) {
    return equals(other.inTerm(id.term()));
  }

  /** Whether this is a server that the write hash space names as the key's coordinator. */
  public boolean isCoordinator(NodeAddress server, long hash) {
    return server.equals(layout.spaces().write().coordinator(hash));
  }

  /** The same in another term: what a director publishes first. */
  public ClusterView inTerm(long term) {
    return new ClusterView(
        new ViewId(term, id.version()), cluster, layout, flush, settings, electorate);
  }

  /** With other voters and managers; what these were before becomes the former ones. */
  public ClusterView next(Voters voters, List<NodeAddress> managers) {
    Electorate next = new Electorate(voters, voters(), managers, electorate.managers());
    ViewId version = new ViewId(id.term(), id.version() + 1);
    return new ClusterView(version, cluster, layout, flush, settings, next);
  }

  public ClusterView withLayout(ViewLayout other) {
    return new ClusterView(id, cluster, other, flush, settings, electorate);
  }

  public ClusterView withFlush(ViewFlush other) {
    return new ClusterView(id, cluster, layout, other, settings, electorate);
  }

  public ClusterView withSettings(ViewSettings other) {
    return new ClusterView(id, cluster, layout, flush, other, electorate);
  }

  /**
   * A view by force, made of what is reachable: of a cluster of its own, with no former voters.
   *
   * @param term that the voters have promised
   * @param newCluster random
   */
  public ClusterView forced(long term, long newCluster, Electorate reachable) {
    return new ClusterView(
        new ViewId(term, id.version() + 1),
        new ClusterId(newCluster, cluster.id()),
        layout,
        flush,
        settings,
        new Electorate(
            reachable.voters(), Voters.NONE, reachable.managers(), reachable.managers()));
  }

  /** Without what is long: for logs. */
  @Override
  public String toString() {
    return "view " + id + " of " + layout.spaces().write() + ", voters " + voters().members();
  }
}
