package io.kumo.core.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.Tries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordDigestTest {
  /** Servers of several versions compare these. */
  @Test
  void theDigestNeverChanges() {
    ByteBuf key = Unpooled.buffer().writeLong(0x0123456789abcdefL);
    key.writeBytes("some key".getBytes(StandardCharsets.US_ASCII));

    assertThat(RecordDigest.of(key, 5L << 32 | 7)).isEqualTo(0x1c665f87d6fa2386L);
    assertThat(RecordDigest.withValue(RecordDigest.of(key, 5L << 32 | 7), 99))
        .isEqualTo(0x7eb605f1f36b8332L);
    assertThat(RecordDigest.of(key.writeByte('x'), 5L << 32 | 7)).isEqualTo(0x2de91eafb79eb7cbL);
  }

  @Test
  void aKeyHasOneDigestWhereverItLies() {
    Tries.of(
        Tries.MANY,
        draw -> {
          byte[] key = draw.bytes(60);
          long clockTime = draw.anyLong();
          ByteBuffer memory = ByteBuffer.allocateDirect(100);
          memory.position(13).put(key).position(3);

          long expected = RecordDigest.of(Unpooled.wrappedBuffer(key), clockTime);

          assertThat(RecordDigest.of(memory, 13, key.length, clockTime)).isEqualTo(expected);
          assertThat(memory.position()).isEqualTo(3);
        });
  }

  @Test
  void neighboursAreFarApart() {
    Set<Long> seen = new HashSet<>();
    for (long hash = 0; hash < 1000; hash++) {
      for (long clockTime = 1; clockTime <= 100; clockTime++) {
        seen.add(RecordDigest.of(Unpooled.copyLong(hash), clockTime) >>> 16);
      }
    }
    assertThat(seen).hasSize(100_000);
  }
}
