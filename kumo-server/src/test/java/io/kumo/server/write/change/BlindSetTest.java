package io.kumo.server.write.change;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Conditions;
import io.kumo.core.item.Item;
import io.kumo.core.item.Mutation;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlindSetTest {
  private static final long CLOCK_TIME = 77L << 32;
  private static final ByteBuf KEY = Unpooled.copiedBuffer("12345678key", US_ASCII);

  /** Of the plain item and of what kumofs 0.4.13 writes. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        MutateOptions.KEY_BASE64,
        MutateOptions.WRITE_ORIGINAL | MutateOptions.ORIGINAL_FLAGS | MutateOptions.ORIGINAL_EXPIRY
      })
  void isTheRecordThatIsMadeWhenItIsDecided(int options) {
    for (long newCas : new long[] {0, 5}) {
      Mutate set = set(options, MutateOperands.ofItem(9, 2_000_000_000L).withNewCas(newCas));
      Conditions conditions =
          new Conditions(CLOCK_TIME, 1000, 0, Limits.MAX_VALUE_BYTES, Unpooled.buffer().alloc());
      ByteBuf expected = Objects.requireNonNull(Mutation.apply(set, null, conditions).record());
      Decision decision = change(set).decide(null, CLOCK_TIME);
      assertThat(stamped(decision)).isEqualTo(expected);
      assertThat(decision.cas()).isEqualTo(Item.cas(expected));
      assertThat(decision.status()).isEqualTo(MutateStatus.STORED);
      expected.release();
    }
  }

  @Test
  void keepsNothingOfTheRequest() {
    Mutate set = set(0, MutateOperands.NONE);
    Change change = change(set);
    set.value().setZero(0, set.value().readableBytes());
    assertThat(stamped(change.decide(null, CLOCK_TIME)).toString(US_ASCII)).endsWith("value");
  }

  @Test
  void hasARecordOfItsOwnForEveryDecision() {
    Change change = change(set(0, MutateOperands.NONE));
    ByteBuf first = stamped(change.decide(null, 1));
    ByteBuf second = stamped(change.decide(null, CLOCK_TIME));
    assertThat(Item.clockTime(first)).isEqualTo(CLOCK_TIME);
    second.setLong(0, 2);
    assertThat(Item.clockTime(first)).isEqualTo(CLOCK_TIME);
  }

  @Test
  void looksAtWhatIsThereWhereTheClientAsksForThat() {
    assertThat(change(set(0, MutateOperands.NONE)).blind()).isTrue();
    assertThat(change(set(0, MutateOperands.NONE.withCompare(1))).blind()).isFalse();
    assertThat(change(set(MutateOptions.COMPARE, MutateOperands.NONE)).conditional()).isTrue();
    assertThat(change(set(MutateOptions.UNLESS_NEWER, MutateOperands.NONE)).blind()).isFalse();
  }

  private static Change change(Mutate set) {
    return MutateChange.of(set, TimeSource.system());
  }

  private static Mutate set(int options, MutateOperands operands) {
    ByteBuf value = Unpooled.copiedBuffer("value", US_ASCII);
    return new Mutate(Operation.SET, options, KEY, value, operands, RequestId.NONE);
  }

  /** As a coordinator does. */
  private static ByteBuf stamped(Decision decision) {
    ByteBuf record = Objects.requireNonNull(decision.value());
    return record.setLong(record.readerIndex(), CLOCK_TIME);
  }
}
