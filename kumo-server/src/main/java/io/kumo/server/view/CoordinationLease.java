package io.kumo.server.view;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.voter.VoteListener;
import io.kumo.core.voter.VoterService;

/**
 * Whether this server may coordinate a key by the views that it has installed and noted and by its
 * leases; the rules are those of {@link io.kumo.core.vote.LeaseHolder}. What does not depend on the
 * key or the moment is worked out when it changes. Main loop only.
 *
 * <p>A view counts as installed here when {@link ViewHolder} has installed it, which is when it is
 * durable and all have been told. Before the first one the hash spaces without votes stand for it,
 * as the version before the first: from when that first view is noted a lease is needed.
 */
public final class CoordinationLease implements Coordination, VoteListener {
  private final VoterService voter;
  private final ViewHolder spaces;
  private final VoteRules rules;
  private final TimeSource time;

  /** True before {@link #changed} is told for the first time: nothing is coordinated then. */
  private boolean needed = true;

  private boolean sameView;
  private LeaseSpan span = LeaseSpan.NONE;
  private ClusterView noted = ClusterView.NONE;

  public CoordinationLease(
      VoterService voter, ViewHolder spaces, VoteRules rules, TimeSource time) {
    this.voter = voter;
    this.spaces = spaces;
    this.rules = rules;
    this.time = time;
  }

  /** Another view is installed; before anybody asks what it allows. */
  public void viewInstalled() {
    changed();
  }

  @Override
  public void changed() {
    ClusterView installed = spaces.voted();
    noted = voter.holder().noted();
    needed = counts(noted) || counts(installed);
    sameView = noted.id().equals(installed.id());
    span = LeaseSpan.of(voter.holder().lease(), installed, noted);
  }

  private static boolean counts(ClusterView view) {
    return !view.isNone() && view.settings().votes();
  }

  /** Whether there are leases enough now, or none is needed. */
  @Override
  public boolean isHeld() {
    return !needed || span.contains(time.nanoTime(), time.unixMillis());
  }

  @Override
  public boolean allows(long hash) {
    return !needed || sameView || viewsAllow(hash);
  }

  @Override
  public boolean mayTell(long hash) {
    return rules.mayTell(true, covers(hash));
  }

  @Override
  public boolean mayTellAll() {
    return rules.mayTell(true, isHeld());
  }

  private boolean viewsAllow(long hash) {
    ClusterView installed = spaces.voted();
    if (installed.isNone()) {
      return noted.version() == 1 && noted.isCoordinator(spaces.self(), hash);
    }
    return rules.coordinates(spaces.self(), hash, installed, noted);
  }
}
