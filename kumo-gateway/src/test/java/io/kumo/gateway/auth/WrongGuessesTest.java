package io.kumo.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrongGuessesTest {
  private final WrongGuesses guesses = new WrongGuesses();

  @Test
  void thoseThatGuessedLastAreKnown() {
    for (int i = 0; i < 3 * WrongGuesses.MAX; i++) {
      guesses.add("often");
      guesses.add("place" + i);
      assertThat(guesses.size()).isLessThanOrEqualTo(WrongGuesses.MAX);
    }
    assertThat(guesses.of("place0")).isZero();
    assertThat(guesses.of("often")).isPositive().isLessThan(WrongGuesses.HALVED_AT);
  }

  @Test
  void whatWasLongAgoIsForgotten() {
    guesses.add("once");
    for (int i = 0; i < WrongGuesses.HALVED_AT; i++) {
      guesses.add("often");
    }
    assertThat(guesses.of("once")).isZero();
    assertThat(guesses.of("often")).isBetween(1, WrongGuesses.HALVED_AT);
  }
}
