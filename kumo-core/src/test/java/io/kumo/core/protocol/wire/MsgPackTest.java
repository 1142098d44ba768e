package io.kumo.core.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** What is written by hand is what msgpack-core writes, held to the old specification. */
class MsgPackTest {
  private static final MessagePack.PackerConfig OLD_SPEC =
      new MessagePack.PackerConfig().withStr8FormatSupport(false);

  private interface Packing {
    void pack(MessagePacker packer) throws IOException;
  }

  @Test
  void unsignedNumbers() {
    Tries.of(Tries.MANY, draw -> unsignedNumbers(draw.bits()));
  }

  private static void unsignedNumbers(long value) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeUnsigned(out, value);
    BigInteger number = new BigInteger(Long.toUnsignedString(value));
    assertThat(ByteBufUtil.getBytes(out))
        .isEqualTo(packed(packer -> packer.packBigInteger(number)));
    assertThat(MsgPack.readUnsigned(out)).isEqualTo(value);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void anyWidthOfAnIntegerIsRead() {
    Tries.of(Tries.MANY, draw -> anyWidthOfAnIntegerIsRead(draw.bits()));
  }

  private static void anyWidthOfAnIntegerIsRead(long value) throws Exception {
    ByteBuf wide = Unpooled.buffer().writeByte(MsgPack.INT64).writeLong(value);
    if (value >= 0) {
      assertThat(MsgPack.readUnsigned(wide)).isEqualTo(value);
    } else {
      assertMalformed(() -> MsgPack.readUnsigned(wide));
    }
  }

  @Test
  void negativeNumbersAreRefused() {
    Tries.of(Tries.MANY, draw -> negativeNumbersAreRefused(draw.anyLong()));
  }

  private static void negativeNumbersAreRefused(long value) throws Exception {
    long negative = value | Long.MIN_VALUE;
    for (int shift : new int[] {0, 32, 48, 56, 60}) {
      byte[] bytes = packed(packer -> packer.packLong(negative >> shift));
      assertMalformed(() -> MsgPack.readUnsigned(Unpooled.wrappedBuffer(bytes)));
    }
  }

  @Test
  void numbersOfMoreThan32BitsAreNoU32() {
    Tries.of(Tries.MANY, draw -> numbersOfMoreThan32BitsAreNoU32(draw.bits()));
  }

  private static void numbersOfMoreThan32BitsAreNoU32(long value) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeUnsigned(out, value);
    if (value >>> 32 == 0) {
      assertThat(Integer.toUnsignedLong(MsgPack.readU32(out))).isEqualTo(value);
    } else {
      assertMalformed(() -> MsgPack.readU32(out));
    }
  }

  @Test
  void raws() {
    Tries.of(200, draw -> raws(length(draw)));
  }

  /** Around the lengths where another form of the header begins. */
  private static int length(Draw draw) {
    return draw.of(draw.between(0, 40), draw.between(250, 260), draw.between(65_530, 65_540));
  }

  private static void raws(int length) throws Exception {
    byte[] bytes = new byte[length];
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeRaw(out, bytes);
    assertThat(ByteBufUtil.getBytes(out))
        .isEqualTo(packed(packer -> packer.packRawStringHeader(length).writePayload(bytes)));
    assertThat(MsgPack.isRaw(out)).isTrue();
    ByteBuf read = MsgPack.readRaw(out);
    assertThat(read).isEqualTo(Unpooled.wrappedBuffer(bytes));
    assertThat(read.array()).as("not copied").isSameAs(out.array());
  }

  @Test
  void arrayHeaders() {
    Tries.of(200, draw -> arrayHeaders(draw.between(0, Limits.MAX_ARRAY_LENGTH)));
  }

  private static void arrayHeaders(int length) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeArrayHeader(out, length);
    assertThat(ByteBufUtil.getBytes(out)).isEqualTo(packed(p -> p.packArrayHeader(length)));
    assertThat(MsgPack.isArray(out)).isTrue();
    assertThat(MsgPack.readArrayHeader(out)).isEqualTo(length);
  }

  @Test
  void anyBytesAreReadOrRefused() {
    Tries.of(5000, draw -> anyBytesAreReadOrRefused(draw.bytes(30)));
  }

  private static void anyBytesAreReadOrRefused(byte[] bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    for (Reading reading :
        new Reading[] {
          MsgPack::readUnsigned,
          MsgPack::readRaw,
          MsgPack::readBool,
          MsgPack::readObject,
          MsgPack::readArrayHeader
        }) {
      try {
        reading.read(in.duplicate());
      } catch (MalformedMessageException expected) {
        assertThat(expected).hasMessageMatching(".+");
      }
    }
  }

  @Test
  void everyRequestWithAnyParametersIsReadOrRefused() {
    Tries.of(5000, MsgPackTest::everyRequestWithAnyParametersIsReadOrRefused);
  }

  @Test
  void soManyObjectsAreLeftOut() throws Exception {
    ByteBuf in = Unpooled.buffer();
    MsgPack.writeNil(in);
    MsgPack.writeArrayHeader(in, 2);
    MsgPack.writeUnsigned(in, 300);
    MsgPack.writeRaw(in, new byte[40]);
    MsgPack.writeUnsigned(in, 7);
    MsgPack.skip(in, 0);
    MsgPack.skip(in, -1);
    MsgPack.skip(in, 2);
    assertThat(MsgPack.readUnsigned(in)).isEqualTo(7);
    assertMalformed(() -> MsgPack.skip(in, 1));
  }

  private static void everyRequestWithAnyParametersIsReadOrRefused(Draw draw) {
    Method method = draw.of(Method.values());
    ByteBuf params = Unpooled.buffer();
    MsgPack.writeArrayHeader(params, draw.between(0, 15));
    params.writeBytes(draw.bytes(60));
    try {
      method.decode(params).encode(Unpooled.buffer());
    } catch (MalformedMessageException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  private interface Reading {
    Object read(ByteBuf in) throws MalformedMessageException;
  }

  private static byte[] packed(Packing packing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MessagePacker packer = OLD_SPEC.newPacker(out)) {
      packing.pack(packer);
    }
    return out.toByteArray();
  }

  private static void assertMalformed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(MalformedMessageException.class);
  }
}
