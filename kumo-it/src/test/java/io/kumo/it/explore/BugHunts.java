package io.kumo.it.explore;

import io.kumo.it.explore.Bounds.Extras;
import io.kumo.testkit.bug.VoteBug;

/** The bounds within which each planted bug is looked for: small ones, in which it can show. */
final class BugHunts {
  private static final int FIRST = 0b001;

  private BugHunts() {}

  static Bounds of(VoteBug bug) {
    return switch (bug) {
      case VOTE_NOT_DURABLE -> Bounds.of(2, 2, 0).restarts(1);
      case TERM_PROMISED_TWICE -> Bounds.of(2, 2, 0);
      case NEW_VOTERS_ALONE, COMMIT_BEFORE_QUORUM, SECOND_CHANGE_BEFORE_FIRST -> Bounds.of(2, 2, 2);
      case DEAD_NEWCOMERS -> Bounds.of(2, 1, 2).from(1, 0b110);
      case LEASE_COUNTED_FROM_RECEIPT ->
          Bounds.of(1, 1, 1).leases(2).from(2, FIRST).with(Extras.LATE_ANSWERS);
      case LEASE_CHECKED_BEFORE_READ ->
          Bounds.of(1, 1, 1).leases(0).from(2, FIRST).with(Extras.READS);
      case WAITS_FOR_DEMOTED_ALONE ->
          Bounds.of(2, 1, 2).leases(0).from(2, FIRST).with(Extras.MANAGERS_MOVE);
      case COORDINATES_BY_INSTALLED_ALONE, HOLDERS_WAIT_FOR_EACH_OTHER ->
          Bounds.of(1, 1, 1).leases(0).from(2, FIRST);
      case COORDINATES_TWO_VERSIONS_APART -> Bounds.of(1, 1, 2).leases(0).from(2, FIRST);
      case RESTARTED_VOTER_FORGETS_LEASES ->
          Bounds.of(1, 1, 1).leases(0).restarts(1).from(2, FIRST);
      case RESTORED_DISK_VOTES -> Bounds.of(2, 2, 1).restores(1).from(2, FIRST);
      case REPUBLISHED_WITH_OTHER_FORMER_VOTERS -> Bounds.of(2, 3, 1).from(2, FIRST);
      case CHANGE_BEFORE_REPUBLISHING -> Bounds.of(2, 3, 2).from(2, FIRST);
      case TIE_BREAKER_OF_ANOTHER_VIEW -> Bounds.of(2, 2, 1).from(3, 0).with(Extras.MANAGERS_MOVE);
    };
  }
}
