package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyOutputTest {
  private static final ByteBuf VALUE = Unpooled.wrappedBuffer(new byte[1000]);

  private final List<ByteBuf> sent = new ArrayList<>();
  private final ReplyOutput out = new ReplyOutput(UnpooledByteBufAllocator.DEFAULT, sent::add);

  @Test
  void repliesOfOneSizeAreNotCopiedIntoLargerBuffersAgainAndAgain() {
    reply(32);
    int lent = out.buffer().capacity();
    reply(32);
    assertThat(sent.get(1).readableBytes()).isEqualTo(32 * VALUE.readableBytes());
    assertThat(sent.get(1).capacity()).isEqualTo(lent);
    sent.forEach(ByteBuf::release);
  }

  @Test
  void smallRepliesTakeSmallBuffersSoonAfterLargeOnes() {
    reply(32);
    for (int i = 0; i < 40; i++) {
      reply(1);
    }
    assertThat(out.buffer().capacity()).isLessThan(2 * VALUE.readableBytes());
    out.discard();
    sent.forEach(ByteBuf::release);
  }

  private void reply(int values) {
    for (int i = 0; i < values; i++) {
      out.value(VALUE);
    }
    out.pass();
  }
}
