package io.kumo.it.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final History history = new History();

  private void done(OpKind kind, String key, String argument, @Nullable String value) {
    ClientOp op = history.call(1, kind, key, argument);
    history.answer(op, OpOutcome.DONE, value, 0);
  }

  private void unknown(OpKind kind, String key, String argument) {
    history.call(1, kind, key, argument);
  }

  private Tally atTheEnd(String key, String value) {
    ClientOp read = history.call(Load.READER, OpKind.GET, key);
    history.answer(read, OpOutcome.DONE, value, 0);
    return Tally.of(history);
  }

  @Test
  void whatMayHaveHappenedIsNeitherLostNorForked() {
    done(OpKind.SET, "a0", "<1", null);
    done(OpKind.APPEND, "a0", "<2", null);
    unknown(OpKind.APPEND, "a0", "<3");
    unknown(OpKind.APPEND, "a0", "<4");
    Tally tally = atTheEnd("a0", "<1<2<4");
    assertThat(tally.isSound()).isTrue();
    assertThat(tally.acknowledged()).isEqualTo(2);
    assertThat(tally.unknown()).isEqualTo(2);
  }

  @Test
  void anAcknowledgedAppendThatIsNotThereIsLost() {
    done(OpKind.SET, "a0", "<1", null);
    done(OpKind.APPEND, "a0", "<2", null);
    Tally tally = atTheEnd("a0", "<1");
    assertThat(tally.lost()).isEqualTo(1);
    assertThat(tally.problems()).hasSize(1);
  }

  @Test
  void anAppendTwiceAndAReadOfAnotherBranchAreForks() {
    done(OpKind.SET, "a0", "<1", null);
    unknown(OpKind.APPEND, "a0", "<2");
    unknown(OpKind.APPEND, "a0", "<3");
    done(OpKind.GET, "a0", "", "<1<3");
    assertThat(atTheEnd("a0", "<1<2<2").forked()).isEqualTo(2);
  }

  @Test
  void anIncrementThatIsNotCountedIsLost() {
    done(OpKind.SET, "n0", "0", null);
    done(OpKind.INCR, "n0", "1", "1");
    done(OpKind.INCR, "n0", "1", "2");
    assertThat(atTheEnd("n0", "1").lost()).isEqualTo(1);
  }

  @Test
  void aCountGivenOutTwiceIsAFork() {
    done(OpKind.SET, "n0", "0", null);
    done(OpKind.INCR, "n0", "1", "1");
    done(OpKind.INCR, "n0", "1", "1");
    assertThat(atTheEnd("n0", "1").forked()).isEqualTo(1);
  }

  @Test
  void gatewaysThatDifferAreAFork() {
    done(OpKind.SET, "k0", "<1", null);
    atTheEnd("k0", "<1");
    assertThat(atTheEnd("k0", "<2").forked()).isEqualTo(1);
  }
}
