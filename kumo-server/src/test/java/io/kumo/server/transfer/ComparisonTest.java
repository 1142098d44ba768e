package io.kumo.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final int RECORDS = 100;

  private final Comparison comparison = new Comparison(true);

  private static ByteBuf key(int number) {
    return Unpooled.buffer().writeLong(number).writeByte('k');
  }

  private static ByteBuf value(int number) {
    return Unpooled.buffer().writeLong(1000 + number).writeShort(0).writeByte(number);
  }

  /** Asks about a batch of which the target has the first so many. */
  private int compare(int there) {
    for (int i = 0; i < RECORDS; i++) {
      comparison.add(key(i), value(i));
    }
    byte[] has = new byte[RECORDS];
    Arrays.fill(has, 0, there, (byte) 1);
    return comparison.answered(has);
  }

  private int sendLacking() {
    int sent = 0;
    while (comparison.nextLacking() != null) {
      comparison.sent();
      sent++;
    }
    return sent;
  }

  /** How many batches go without asking before the next question. */
  private int unaskedBatches() {
    int unasked = 0;
    comparison.nextBatch();
    while (!comparison.asks()) {
      unasked++;
      comparison.nextBatch();
    }
    return unasked;
  }

  @Test
  void anEmptyTargetIsAskedEverMoreRarelyButNeverNotAtAll() {
    List<Integer> unasked = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      compare(0);
      sendLacking();
      unasked.add(unaskedBatches());
    }
    assertThat(unasked).containsExactly(1, 2, 4, 8, 16, 32, 64, 64, 64);
  }

  @Test
  void aTargetThatHasMuchIsAskedAboutEveryBatch() {
    compare(0);
    sendLacking();
    assertThat(unaskedBatches()).isEqualTo(1);
    compare(40);
    sendLacking();
    assertThat(unaskedBatches()).isZero();
    compare(RECORDS);
    assertThat(unaskedBatches()).isZero();
  }

  @Test
  void onlyWhatIsLackingIsLeftToSend() {
    assertThat(compare(97)).isEqualTo(97);
    assertThat(comparison.isIdle()).isFalse();
    assertThat(comparison.nextLacking()).isEqualTo(key(97));
    assertThat(sendLacking()).isEqualTo(3);
    assertThat(comparison.isIdle()).isTrue();
  }

  @Test
  void withoutAnAnswerEverythingIsLacking() {
    for (int i = 0; i < RECORDS; i++) {
      comparison.add(key(i), value(i));
    }
    assertThat(comparison.answered(new byte[0])).isZero();
    assertThat(sendLacking()).isEqualTo(RECORDS);
    assertThat(unaskedBatches()).isEqualTo(1);
  }

  @Test
  void aTargetThatDoesNotUnderstandIsNeverAsked() {
    Comparison original = new Comparison(false);
    assertThat(original.asks()).isFalse();
    original.nextBatch();
    assertThat(original.asks()).isFalse();
  }
}
