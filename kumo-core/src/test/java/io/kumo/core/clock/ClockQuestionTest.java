package io.kumo.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockQuestionTest {
  private long unixMs = 1_795_132_800_000L;
  private long nanos = 77;

  private final TimeSource time =
      new TimeSource() {
        @Override
        public long unixMillis() {
          return unixMs;
        }

        @Override
        public long nanoTime() {
          return nanos;
        }
      };

  private void pass(long ms) {
    unixMs += ms;
    nanos += TimeUnit.MILLISECONDS.toNanos(ms);
  }

  @Test
  void anAnswerIsHeldAgainstTheMiddleOfTheRoundTrip() {
    ClockQuestion question = new ClockQuestion(time);
    pass(200);
    long theirs = unixMs + 10_000;
    pass(200);
    assertThat(question.aheadMs(theirs)).hasValue(10_000);
    assertThat(question.aheadMs(theirs - 20_000)).hasValue(-10_000);
  }

  @Test
  void anAnswerThatWaitedInAPausedProcessSaysNothing() {
    ClockQuestion question = new ClockQuestion(time);
    long theirs = unixMs;
    pass(35_956);
    assertThat(question.aheadMs(theirs)).isEmpty();
  }

  @Test
  void anAnswerAcrossASleepOfTheMachineSaysNothing() {
    ClockQuestion question = new ClockQuestion(time);
    long theirs = unixMs;
    unixMs += 35_956; // the clock that counts from the start of the machine stood still
    assertThat(question.aheadMs(theirs)).isEmpty();
  }

  @Test
  void anAnswerSaysNothingOnceThisClockHasBeenSetBack() {
    ClockQuestion question = new ClockQuestion(time);
    pass(10);
    unixMs -= 5_000;
    assertThat(question.aheadMs(unixMs)).isEmpty();
  }
}
