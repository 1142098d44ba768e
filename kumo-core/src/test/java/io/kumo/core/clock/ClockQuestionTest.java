package io.kumo.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.ManualTime;
import org.junit.jupiter.api.Test;

class ClockQuestionTest {
  private final ManualTime time = new ManualTime();

  @Test
  void anAnswerIsHeldAgainstTheMiddleOfTheRoundTrip() {
    ClockQuestion question = new ClockQuestion(time);
    time.advanceMs(200);
    long theirs = time.unixMillis() + 10_000;
    time.advanceMs(200);
    assertThat(question.aheadMs(theirs)).hasValue(10_000);
    assertThat(question.aheadMs(theirs - 20_000)).hasValue(-10_000);
  }

  @Test
  void anAnswerThatWaitedInAPausedProcessSaysNothing() {
    ClockQuestion question = new ClockQuestion(time);
    long theirs = time.unixMillis();
    time.advanceMs(35_956);
    assertThat(question.aheadMs(theirs)).isEmpty();
  }

  @Test
  void anAnswerAcrossASleepOfTheMachineSaysNothing() {
    ClockQuestion question = new ClockQuestion(time);
    long theirs = time.unixMillis();
    time.setUnixMillis(
        theirs + 35_956); // the clock that counts from the start of the machine stood still
    assertThat(question.aheadMs(theirs)).isEmpty();
  }

  @Test
  void anAnswerSaysNothingOnceThisClockHasBeenSetBack() {
    ClockQuestion question = new ClockQuestion(time);
    time.advanceMs(10);
    time.setUnixMillis(time.unixMillis() - 5_000);
    assertThat(question.aheadMs(time.unixMillis())).isEmpty();
  }
}
