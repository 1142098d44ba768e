package io.kumo.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PendingCallsTest {
  private final PendingCalls calls = new PendingCalls(new Guard(TimeSource.system()));
  private final List<Integer> failed = new ArrayList<>();

  private final class Numbered implements ReplyHandler {
    final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {
      failed.add(number);
    }
  }

  @Test
  void findsEveryCallByItsIdWhileTheTableGrows() {
    int[] ids = new int[5000];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = calls.add(new Numbered(i), i, null);
    }
    for (int i = ids.length - 1; i >= 0; i--) {
      assertThat(calls.remove(ids[i])).isInstanceOfSatisfying(Numbered.class, has(i));
      assertThat(calls.remove(ids[i])).isNull();
    }
    assertThat(calls.size()).isZero();
  }

  private static Consumer<Numbered> has(int number) {
    return handler -> assertThat(handler.number).isEqualTo(number);
  }

  @Test
  void neverGivesAnIdToTwoCallsThatWait() {
    int slow = calls.add(new Numbered(-1), 0, null);
    Set<Integer> given = new HashSet<>(Set.of(slow));
    for (int i = 0; i < 10_000; i++) {
      int id = calls.add(new Numbered(i), 0, null);
      assertThat(given.add(id)).isTrue();
      assertThat(calls.remove(id)).isNotNull();
    }
    assertThat(calls.remove(slow)).isInstanceOfSatisfying(Numbered.class, has(-1));
  }

  @Test
  void answersToUnknownIdsFindNoCall() {
    int id = calls.add(new Numbered(1), 0, null);
    assertThat(calls.remove(id + 64)).isNull();
    assertThat(calls.remove(id - 1)).isNull();
    assertThat(calls.size()).isEqualTo(1);
  }

  @Test
  void failsWhatIsOverdueOldestFirst() {
    for (int i = 0; i < 200; i++) {
      calls.add(new Numbered(i), i % 2 == 0 ? 10 : 1000, null);
    }
    calls.expire(500);
    assertThat(failed).hasSize(100).isSorted().allMatch(number -> number % 2 == 0);
    calls.failAll("over");
    assertThat(failed).hasSize(200);
    assertThat(calls.size()).isZero();
  }

  @Test
  void aHandlerThatFailsMayCallAgainAtOnce() {
    calls.add(
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {
            calls.add(new Numbered(7), 0, null);
          }
        },
        0,
        null);
    calls.failAll("first");
    assertThat(calls.size()).isEqualTo(1);
    assertThat(failed).isEmpty();
  }
}
