package io.kumo.testkit.bug;

import io.kumo.core.vote.VoteRules;

/**
 * Mistakes in votes and leases, each as the rules of a cluster that makes it. The explorer of
 * kumo-it has to find each, and the simulator all but two, which whole clusters hide.
 */
public enum VoteBug implements PlantedBug {
  /** A vote is told before it is durable. */
  VOTE_NOT_DURABLE(new BrokenVotes.NotDurable()),
  /** A voter promises one term to two managers. */
  TERM_PROMISED_TWICE(new BrokenVotes.PromisedTwice()),
  /** A view counts when its own voters have accepted it; those before are not asked. */
  NEW_VOTERS_ALONE(new BrokenVotes.NewVotersAlone()),
  /** A view names voters that have not promised the director's term, and may be dead. */
  DEAD_NEWCOMERS(new BrokenVotes.DeadNewcomers()),
  /** A lease is counted from when the answer came. */
  LEASE_COUNTED_FROM_RECEIPT(new BrokenVotes.CountedFromReceipt()),
  /** The lease is checked before the record is read. */
  LEASE_CHECKED_BEFORE_READ(new BrokenVotes.CheckedBeforeRead()),
  /** A voter waits only for the leases of servers that the view takes out. */
  WAITS_FOR_DEMOTED_ALONE(new BrokenVotes.WaitsForDemotedAlone()),
  /** A server coordinates by its installed view, whatever it has heard since. */
  COORDINATES_BY_INSTALLED_ALONE(new BrokenVotes.InstalledAlone()),
  /** A server coordinates by two views with a third between them. */
  COORDINATES_TWO_VERSIONS_APART(new BrokenVotes.TwoVersionsApart()),
  /** A server names what it has accepted: two of them wait for each other. */
  HOLDERS_WAIT_FOR_EACH_OTHER(new BrokenVotes.NamesAccepted()),
  /** A voter that is started again accepts at once, and has forgotten its leases. */
  RESTARTED_VOTER_FORGETS_LEASES(new BrokenVotes.ForgetsGrants()),
  /** A restored disk votes again, under the same id. */
  RESTORED_DISK_VOTES(new BrokenVotes.RestoredVotes()),
  /** A view is published again with other former voters. */
  REPUBLISHED_WITH_OTHER_FORMER_VOTERS(new BrokenVotes.RepublishedToOthers()),
  /** A director publishes a change before it has published the newest accepted view again. */
  CHANGE_BEFORE_REPUBLISHING(new BrokenVotes.NotRepublished()),
  /** A director publishes a second change before the first is committed. */
  SECOND_CHANGE_BEFORE_FIRST(new BrokenVotes.SecondChangeBeforeFirst()),
  /** A commit is told when one voter has accepted. */
  COMMIT_BEFORE_QUORUM(new BrokenVotes.CommittedEarly()),
  /** Half of the former voters count with the tie-breaker of the new ones. */
  TIE_BREAKER_OF_ANOTHER_VIEW(new BrokenVotes.OtherTieBreaker());

  @SuppressWarnings("ImmutableEnumChecker") // rules hold nothing that changes
  private final VoteRules rules;

  VoteBug(VoteRules rules) {
    this.rules = rules;
  }

  /** The rules of votes with this bug and no other. */
  public VoteRules rules() {
    return rules;
  }

  @Override
  public ClusterRules cluster() {
    return ClusterRules.SOUND.withVotes(rules);
  }

  @Override
  public boolean isOfVotes() {
    return true;
  }
}
