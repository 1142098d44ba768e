package io.kumo.testkit.bug;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.vote.VoteRules;
import io.kumo.server.ServerRules;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.rebalance.RebalanceRules;
import io.kumo.server.write.round.WriteRules;
import io.kumo.testkit.store.ClockOrder;

/**
 * Mistakes of the original, or of a careless hand, each as the rules of a cluster that makes it.
 * The simulator hands them to its processes, to prove that its checker finds each.
 */
public enum KnownBug implements PlantedBug {
  /** A coordinator answers STORED before its replicas have the record. */
  ACKNOWLEDGE_EARLY(writes(new BrokenWrites.AcknowledgeEarly())),
  /** ClockTimes within 5 s are compared by their counters alone, as in kumofs 0.4.13. */
  ORIGINAL_CLOCK_ORDER(
      ClusterRules.SOUND
          .withServer(
              new ServerRules(
                  WriteRules.SOUND,
                  LifecycleRules.SOUND,
                  RebalanceRules.SOUND,
                  VoteRules.SOUND,
                  OriginalClock::new))
          .withClockOrder(ClockOrder.ORIGINAL)),
  /** A replica that has something newer counts as one that stored the record. */
  NEWER_IS_ACKNOWLEDGEMENT(writes(new BrokenWrites.NewerIsAcknowledgement())),
  /** A replica takes records from whoever takes itself for the coordinator. */
  NO_FENCE(writes(new BrokenWrites.NoFence())),
  /** A new coordinator does not ask the other replicas for what it may have missed. */
  NO_KEY_RECOVERY(writes(new BrokenWrites.NoKeyRecovery())),
  /** A write can be read before its replicas have it. */
  DIRTY_READS(writes(new BrokenWrites.DirtyReads())),
  /** A repeated request has a new id, so that it may be done twice. */
  RETRY_WITHOUT_ID(ClusterRules.SOUND.withRequests(ForgetfulSequence::new)),
  /** A new coordinator in a rebalance does not fetch a key before it uses it. */
  NO_PULL(writes(new BrokenWrites.NoPull())),
  /**
   * Only the first owner copies a key to its new owners, which take what they get for all there is,
   * as in kumofs 0.4.13. Where they ask the other replicas all the same, it hardly ever shows.
   */
  FIRST_OWNER_COPIES(
      rules(
          new BrokenWrites.NoKeyRecovery(),
          LifecycleRules.SOUND,
          new BrokenRebalance.FirstOwnerCopies())),
  /** Tombstones are dropped while a replica may still have what they delete. */
  TOMBSTONES_DROPPED_EARLY(
      rules(WriteRules.SOUND, new BrokenLifecycle.TombstonesDroppedEarly(), RebalanceRules.SOUND)),
  /** A server that returns is taken for one that never left. */
  RETURNING_SERVER_TRUSTED(
      rules(WriteRules.SOUND, new BrokenLifecycle.SavedViewTrusted(), RebalanceRules.SOUND)
          .withManager(new BrokenManager.RestartTrusted())),
  /** A manager that starts follows what the first server shows it, and waits for no other. */
  COLD_START_WITHOUT_WAITING(
      ClusterRules.SOUND.withManager(new BrokenManager.ColdStartWithoutWaiting()));

  @SuppressWarnings("ImmutableEnumChecker") // rules hold nothing that changes
  private final ClusterRules rules;

  KnownBug(ClusterRules rules) {
    this.rules = rules;
  }

  @Override
  public ClusterRules cluster() {
    return rules;
  }

  @Override
  public boolean isOfVotes() {
    return false;
  }

  private static ClusterRules writes(WriteRules broken) {
    return rules(broken, LifecycleRules.SOUND, RebalanceRules.SOUND);
  }

  private static ClusterRules rules(
      WriteRules writes, LifecycleRules lifecycle, RebalanceRules rebalance) {
    return ClusterRules.SOUND.withServer(
        new ServerRules(writes, lifecycle, rebalance, VoteRules.SOUND, HybridClock::new));
  }
}
