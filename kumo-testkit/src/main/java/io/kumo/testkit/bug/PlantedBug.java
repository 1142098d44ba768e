package io.kumo.testkit.bug;

/** A mistake that all processes of a cluster are made to make. */
public sealed interface PlantedBug permits KnownBug, VoteBug {
  /** The rules of a cluster that has this bug and no other. */
  ClusterRules cluster();

  /** Whether it is one of votes and leases: it shows only where there are any. */
  boolean isOfVotes();
}
