package io.kumo.it.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.vote.VoteRules;
import io.kumo.testkit.bug.VoteBug;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Each mistake that can be planted is found, within bounds in which nothing is wrong without it.
 */
class PlantedVotesTest {
  private static final int MAX_STATES = 4_000_000;

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEASE_COUNTED_FROM_RECEIPT", "CHANGE_BEFORE_REPUBLISHING"})
  void theExplorerFinds(VoteBug bug) {
    find(bug);
  }

  /** These show only after hundreds of thousands of states. */
  @ParameterizedTest
  @EnumSource(names = {"LEASE_COUNTED_FROM_RECEIPT", "CHANGE_BEFORE_REPUBLISHING"})
  @Tag("slow")
  void theExplorerFindsDeepDown(VoteBug bug) {
    find(bug);
  }

  private static void find(VoteBug bug) {
    Bounds bounds = BugHunts.of(bug);
    Explorer.Result found = Explorer.breadthFirst(new Model(bounds, bug.rules()), MAX_STATES);
    System.out.println(bug + ": " + found);
    assertThat(found.violation()).isNotNull();
    int asFar = found.states();
    Explorer.Result sound = Explorer.breadthFirst(new Model(bounds, VoteRules.SOUND), asFar);
    assertThat(sound.violation()).as("%s", sound.trace()).isNull();
  }
}
