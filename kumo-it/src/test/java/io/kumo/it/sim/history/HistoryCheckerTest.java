package io.kumo.it.sim.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {
  /**
   * A run that no order explains takes a second to search; with scale 10 there are ten times as
   * many.
   */
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);

  private static final List<OpKind> KINDS =
      Stream.of(OpKind.values()).filter(kind -> kind != OpKind.INCR).toList();

  private final History history = new History();

  private ClientOp call(OpKind kind, String argument) {
    return history.call(1, kind, "k", argument);
  }

  private ClientOp done(OpKind kind, String argument, long token) {
    ClientOp op = call(kind, argument);
    history.answer(op, OpOutcome.DONE, null, token);
    return op;
  }

  private void read(@Nullable String value, long token) {
    ClientOp op = call(OpKind.GET, "");
    history.answer(op, value == null ? OpOutcome.ABSENT : OpOutcome.DONE, value, token);
  }

  private void cas(String value, long compare, OpOutcome outcome, long token) {
    ClientOp op = history.call(2, OpKind.CAS, "k", value, compare);
    history.answer(op, outcome, null, token);
  }

  private void count(String delta, String sum, long token) {
    ClientOp op = call(OpKind.INCR, delta);
    history.answer(op, OpOutcome.DONE, sum, token);
  }

  private Set<String> broken() {
    Set<String> rules = new TreeSet<>();
    HistoryChecker.checkLinearizable(history).forEach(violation -> rules.add(violation.rule()));
    return rules;
  }

  @Test
  void tellsWritesWithoutAnswerApartByTheSumsThatCameOfThem() {
    call(OpKind.ADD, "100");
    call(OpKind.ADD, "200");
    count("3", "203", 10);
    assertThat(broken()).isEmpty();
  }

  /** The read that tells the token of the APPEND is not judged where servers are cut off. */
  @Test
  void letsAnUnknownCasFollowAWriteWhoseTokenOnlyAReadSaw() {
    done(OpKind.SET, "a", 10);
    call(OpKind.APPEND, "<x");
    read("a<x", 11);
    history.call(2, OpKind.CAS, "k", "b", 11);
    ClientOp last = history.call(1_000, OpKind.GET, "k");
    history.answer(last, OpOutcome.DONE, "b", 12);
    assertThat(broken()).isEmpty();
    assertThat(HistoryChecker.checkWrites(history, 1_000)).isEmpty();
  }

  @Test
  void doesNotLetAnUnknownCasFollowAnOlderToken() {
    done(OpKind.SET, "a", 10);
    read("a", 10);
    history.call(2, OpKind.CAS, "k", "b", 9);
    ClientOp last = history.call(1_000, OpKind.GET, "k");
    history.answer(last, OpOutcome.DONE, "b", 12);
    assertThat(HistoryChecker.checkWrites(history, 1_000)).hasSize(1);
  }

  @Test
  void countsWithoutAnswerAreFoundAmongManyNumbersThatNobodySaw() {
    done(OpKind.SET, "1000000", 10);
    for (int i = 1; i <= 60; i++) {
      call(OpKind.SET, String.valueOf(1_000_000 + 1000 * i));
      call(OpKind.INCR, String.valueOf(1 + i % 9));
    }
    count("1", "1000031", 20);
    assertThat(broken()).isEmpty();
  }

  @Test
  void acceptsWhatOneRegisterWouldAnswer() {
    read(null, 0);
    done(OpKind.SET, "a", 10);
    read("a", 10);
    cas("b", 10, OpOutcome.DONE, 11);
    cas("c", 10, OpOutcome.MISMATCH, 0);
    done(OpKind.APPEND, "<x", 12);
    read("b<x", 12);
    done(OpKind.DELETE, "", 0);
    history.answer(call(OpKind.DELETE, ""), OpOutcome.ABSENT);
    history.answer(call(OpKind.REPLACE, "d"), OpOutcome.REFUSED);
    done(OpKind.ADD, "5", 14);
    count("2", "7", 15);
    assertThat(broken()).isEmpty();
  }

  @Test
  void findsALostWrite() {
    done(OpKind.SET, "a", 10);
    read(null, 0);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsAStaleRead() {
    done(OpKind.SET, "a", 10);
    done(OpKind.SET, "b", 11);
    read("a", 10);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsADeletedKeyThatCameBack() {
    done(OpKind.SET, "a", 10);
    done(OpKind.DELETE, "", 11);
    read(null, 0);
    read("a", 10);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsADirtyReadThatWasTakenBack() {
    ClientOp write = call(OpKind.SET, "b");
    read("b", 11);
    read(null, 0);
    history.answer(write, OpOutcome.DONE, null, 11);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsTwoWinnersOfOneToken() {
    done(OpKind.SET, "a", 10);
    cas("b", 10, OpOutcome.DONE, 11);
    cas("c", 10, OpOutcome.DONE, 12);
    assertThat(broken()).contains("CAS fork");
  }

  @Test
  void findsTwoValuesUnderOneToken() {
    call(OpKind.SET, "a");
    call(OpKind.SET, "b");
    read("a", 10);
    read("b", 10);
    assertThat(broken()).contains("one token, two values");
  }

  @Test
  void findsAWriteThatHappenedTwice() {
    call(OpKind.SET, "a");
    read("a", 10);
    done(OpKind.SET, "b", 11);
    read("a", 12);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsACountThatWasMadeTwice() {
    done(OpKind.SET, "5", 10);
    count("2", "9", 12);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsATokenThatWentBack() {
    done(OpKind.SET, "a", 10);
    done(OpKind.SET, "b", 9);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsAnAddThatWonOverARecord() {
    done(OpKind.SET, "a", 10);
    done(OpKind.ADD, "b", 11);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void letsAnUnknownWriteHappenLateOrNever() {
    call(OpKind.SET, "late");
    call(OpKind.SET, "never");
    call(OpKind.DELETE, "");
    done(OpKind.SET, "a", 10);
    read("a", 10);
    read("late", 13);
    read("late", 13);
    done(OpKind.SET, "b", 14);
    read(null, 0);
    assertThat(broken()).isEmpty();
  }

  @Test
  void doesNotLetAnUnknownWriteHappenBeforeItsCall() {
    read("a", 10);
    call(OpKind.SET, "a");
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void letsConcurrentWritesStandInEitherOrder() {
    ClientOp one = call(OpKind.SET, "a");
    ClientOp two = call(OpKind.SET, "b");
    read("b", 10);
    read("a", 11);
    history.answer(one, OpOutcome.DONE, null, 11);
    history.answer(two, OpOutcome.DONE, null, 10);
    assertThat(broken()).isEmpty();
  }

  @Test
  void explainsRefusalsByWritesNobodySaw() {
    call(OpKind.SET, "unseen");
    history.answer(call(OpKind.ADD, "x"), OpOutcome.REFUSED);
    read(null, 0);
    assertThat(broken()).containsExactly("linearizable");
    call(OpKind.DELETE, "");
    read(null, 0);
    done(OpKind.ADD, "y", 12);
    read("y", 12);
    assertThat(broken()).containsExactly("linearizable");
  }

  @Test
  void findsWhatWasNeverWritten() {
    call(OpKind.SET, "a");
    call(OpKind.APPEND, "<b");
    read("a<b", 11);
    assertThat(HistoryChecker.checkNothingInvented(history)).isEmpty();
    read("c", 12);
    assertThat(HistoryChecker.checkNothingInvented(history)).hasSize(1);
  }

  /** One real register, some answers lost, answers late: always explained, and quickly. */
  @Test
  void acceptsRandomRunsOfARealRegister() {
    for (int seed = 0; seed < 50 * SCALE; seed++) {
      assertThat(HistoryChecker.checkLinearizable(randomRun(new Random(seed), false)))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void findsAFaultyRegisterInMostRandomRuns() {
    int found = 0;
    for (int seed = 0; seed < 10 * SCALE; seed++) {
      found +=
          HistoryChecker.checkLinearizable(randomRun(new Random(seed), true)).isEmpty() ? 0 : 1;
    }
    assertThat(found).isGreaterThan(8 * SCALE);
  }

  private static History randomRun(Random random, boolean faulty) {
    History run = new History();
    List<Runnable> effects = new ArrayList<>();
    Queue<Runnable> answers = new ArrayDeque<>();
    String[] value = {null};
    long[] token = {0, 100, 1};
    for (int i = 0; i < 400; i++) {
      int n = i; // a tenth of these is dropped by a faulty register
      OpKind kind = KINDS.get(random.nextInt(KINDS.size()));
      ClientOp op = run.call(n % 8, kind, "k", kind == OpKind.GET ? "" : "<" + n, token[2]);
      boolean lost = random.nextInt(10) == 0;
      effects.add(
          () -> effect(run, op, value, token, lost ? null : answers, faulty && n % 10 == 0));
      if (effects.size() > 4) {
        effects.remove(random.nextInt(effects.size())).run();
      }
      if (answers.size() > 3) {
        answers.remove().run();
      }
    }
    effects.forEach(Runnable::run);
    answers.forEach(Runnable::run);
    return run;
  }

  private static void effect(
      History run,
      ClientOp op,
      @Nullable String[] value,
      long[] token,
      @Nullable Queue<Runnable> answers,
      boolean dropped) {
    Register before = new Register(value[0], token[0], token[1]);
    Register after = before.afterUnknown(op, token[1] + 1, false);
    OpOutcome outcome = OpOutcome.DONE;
    if (op.isRead()) {
      outcome = value[0] == null ? OpOutcome.ABSENT : OpOutcome.DONE;
    } else if (after == null) {
      outcome = refusal(op, value[0]);
    } else {
      token[1]++;
      if (!dropped) {
        value[0] = after.value();
        token[0] = after.value() == null ? 0 : token[1];
      }
    }
    String seen = op.isRead() ? value[0] : null;
    long seenToken = outcome == OpOutcome.DONE ? (op.isRead() ? token[0] : token[1]) : 0;
    OpOutcome answer = outcome;
    if (answers != null) {
      answers.add(
          () -> {
            run.answer(op, answer, seen, seenToken);
            token[2] = seenToken == 0 ? token[2] : seenToken;
          });
    }
  }

  private static OpOutcome refusal(ClientOp op, @Nullable String value) {
    if (op.kind() == OpKind.CAS) {
      return value == null ? OpOutcome.ABSENT : OpOutcome.MISMATCH;
    }
    return op.kind() == OpKind.DELETE ? OpOutcome.ABSENT : OpOutcome.REFUSED;
  }
}
