package io.kumo.it.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.vote.VoteRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing goes wrong in any order of messages, losses, restarts and steps of the clock. What is
 * printed is in docs/internals/views.md.
 */
class ExplorationTest {
  private static final int ORDINARY_STATES = 60_000;

  /** Of each of the two clusters; a heap of 2 GB is enough for five million. */
  private static final int MANY_STATES = Integer.getInteger("kumo.explore.states", 1_500_000);

  /**
   * A manager, or two, three terms, two changes, a restart, and leases for two steps of a clock.
   */
  static Stream<Bounds> everything() {
    return Stream.of(1, 2).map(managers -> Bounds.of(managers, 3, 2).restarts(1).leases(2));
  }

  private static Explorer.Result explore(Bounds bounds, int maxStates) {
    Explorer.Result result = Explorer.breadthFirst(new Model(bounds, VoteRules.SOUND), maxStates);
    System.out.println(bounds + ": " + result);
    assertThat(result.violation()).as("%s", result.trace()).isNull();
    return result;
  }

  @ParameterizedTest
  @MethodSource("everything")
  void nothingIsWrongAsFarAsAnOrdinaryRunGets(Bounds bounds) {
    assertThat(explore(bounds, ORDINARY_STATES).states()).isGreaterThanOrEqualTo(ORDINARY_STATES);
  }

  @ParameterizedTest
  @MethodSource("everything")
  @Tag("slow")
  void nothingIsWrongInMillionsOfStates(Bounds bounds) {
    assertThat(explore(bounds, MANY_STATES).states()).isGreaterThanOrEqualTo(MANY_STATES);
  }

  /** Small enough to be explored to the end. */
  static Stream<Bounds> small() {
    return Stream.of(
        Bounds.of(1, 2, 1),
        Bounds.of(1, 2, 1).restarts(1),
        Bounds.of(2, 2, 0),
        Bounds.of(2, 1, 2).from(1, 0b110),
        Bounds.of(1, 1, 1).leases(2).from(2, 0b001));
  }

  static Stream<Bounds> larger() {
    return Stream.of(Bounds.of(1, 3, 1), Bounds.of(2, 2, 1));
  }

  @ParameterizedTest
  @MethodSource("small")
  void nothingIsWrongInTheWholeOfASmallSpace(Bounds bounds) {
    assertThat(explore(bounds, Integer.MAX_VALUE).whole()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("larger")
  @Tag("slow")
  void nothingIsWrongInTheWholeOfALargerSpace(Bounds bounds) {
    assertThat(explore(bounds, Integer.MAX_VALUE).whole()).isTrue();
  }

  /** Far from the beginning, where breadth first does not get. */
  @ParameterizedTest
  @MethodSource("everything")
  void nothingIsWrongOnLongWalks(Bounds bounds) {
    Explorer.Result result = Explorer.walks(new Model(bounds, VoteRules.SOUND), 1, 60, 60);
    System.out.println(bounds + ", walks: " + result);
    assertThat(result.violation()).as("%s", result.trace()).isNull();
  }
}
