package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that arrive take what has arrived of them, and can be given up in between. */
class GiveUpTest {
  private static final int LENGTH = 1_000_000;

  private final CommandPool pool = new CommandPool(new byte[0]);
  private final ClientLoop.Decoders decoders =
      new ProtocolDecoders(pool, McSettings.DEFAULT, TimeSource.system()).anyProtocol();

  @AfterEach
  void everyCommandWasGivenBack() {
    assertThat(pool.inUse()).isZero();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  private static ByteBuf binarySet() {
    ByteBuffer head = ByteBuffer.allocate(24 + 8 + 1);
    head.put((byte) 0x80).put((byte) 1).putShort((short) 1).put((byte) 8);
    head.putInt(8, 8 + 1 + LENGTH).put(32, (byte) 'k');
    return Unpooled.wrappedBuffer(head.array());
  }

  private static void feed(RequestDecoder decoder, ByteBuf piece) {
    assertThat(decoder.decode(piece)).isNull();
    assertThat(piece.isReadable()).isFalse();
    piece.release();
  }

  private void unfinishedValueIsGivenUp(RequestDecoder decoder, ByteBuf head, int tail) {
    feed(decoder, head);
    assertThat(decoder.heldBytes()).isZero();
    feed(decoder, bytes("x".repeat(100)));
    assertThat(decoder.heldBytes()).isBetween(100, 2048);
    feed(decoder, bytes("x".repeat(99_900)));
    assertThat(decoder.heldBytes()).isBetween(100_000, 200_000);

    McCommand refused = Objects.requireNonNull(decoder.pendingValue().giveUp());
    assertThat(refused.status()).isEqualTo(McStatus.OUT_OF_MEMORY);
    refused.recycle();
    assertThat(decoder.heldBytes()).isZero();
    assertThat(decoder.pendingValue().giveUp()).isNull();
    feed(decoder, bytes("x".repeat(LENGTH - 100_000 + tail)));
  }

  @Test
  void inText() {
    RequestDecoder decoder = decoders.forFirstByte((byte) 's', Login.OPEN);
    unfinishedValueIsGivenUp(decoder, bytes("set k 0 0 " + LENGTH + "\r\n"), 2);
    next(decoder, bytes("mn\r\n"));
  }

  @Test
  void inBinary() {
    RequestDecoder decoder = decoders.forFirstByte((byte) 0x80, Login.OPEN);
    unfinishedValueIsGivenUp(decoder, binarySet(), 0);
    ByteBuf noop = Unpooled.buffer(24).writeByte(0x80).writeByte(10).writeZero(22);
    next(decoder, noop);
  }

  /** The request behind the skipped bytes is understood. */
  private static void next(RequestDecoder decoder, ByteBuf request) {
    McCommand command = Objects.requireNonNull(decoder.decode(request));
    assertThat(command.status()).isEqualTo(McStatus.NOOP);
    command.recycle();
    request.release();
    decoder.close();
  }
}
