package io.kumo.core.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** What is written by hand is what msgpack-core writes, held to the old specification. */
class MsgPackTest {
  private static final MessagePack.PackerConfig OLD_SPEC =
      new MessagePack.PackerConfig().withStr8FormatSupport(false);

  private interface Packing {
    void pack(MessagePacker packer) throws IOException;
  }

  @Property
  void unsignedNumbers(@ForAll("bits") long value) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeUnsigned(out, value);
    BigInteger number = new BigInteger(Long.toUnsignedString(value));
    assertThat(ByteBufUtil.getBytes(out))
        .isEqualTo(packed(packer -> packer.packBigInteger(number)));
    assertThat(MsgPack.readUnsigned(out)).isEqualTo(value);
    assertThat(out.isReadable()).isFalse();
  }

  @Property
  void anyWidthOfAnIntegerIsRead(@ForAll("bits") long value) throws Exception {
    ByteBuf wide = Unpooled.buffer().writeByte(MsgPack.INT64).writeLong(value);
    if (value >= 0) {
      assertThat(MsgPack.readUnsigned(wide)).isEqualTo(value);
    } else {
      assertMalformed(() -> MsgPack.readUnsigned(wide));
    }
  }

  @Property
  void negativeNumbersAreRefused(@ForAll long value) throws Exception {
    long negative = value | Long.MIN_VALUE;
    for (int shift : new int[] {0, 32, 48, 56, 60}) {
      byte[] bytes = packed(packer -> packer.packLong(negative >> shift));
      assertMalformed(() -> MsgPack.readUnsigned(Unpooled.wrappedBuffer(bytes)));
    }
  }

  @Property
  void numbersOfMoreThan32BitsAreNoU32(@ForAll("bits") long value) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeUnsigned(out, value);
    if (value >>> 32 == 0) {
      assertThat(Integer.toUnsignedLong(MsgPack.readU32(out))).isEqualTo(value);
    } else {
      assertMalformed(() -> MsgPack.readU32(out));
    }
  }

  @Property(tries = 200)
  void raws(@ForAll("lengths") int length) throws Exception {
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

  @Property(tries = 200)
  void arrayHeaders(@ForAll @IntRange(max = Limits.MAX_ARRAY_LENGTH) int length) throws Exception {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeArrayHeader(out, length);
    assertThat(ByteBufUtil.getBytes(out)).isEqualTo(packed(p -> p.packArrayHeader(length)));
    assertThat(MsgPack.isArray(out)).isTrue();
    assertThat(MsgPack.readArrayHeader(out)).isEqualTo(length);
  }

  @Property(tries = 5000)
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 30) byte[] bytes) {
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

  @Property(tries = 5000)
  void everyRequestWithAnyParametersIsReadOrRefused(
      @ForAll @Size(max = 60) byte[] bytes,
      @ForAll Method method,
      @ForAll @IntRange(max = 15) int n) {
    ByteBuf params = Unpooled.buffer();
    MsgPack.writeArrayHeader(params, n);
    params.writeBytes(bytes);
    try {
      method.decode(params).encode(Unpooled.buffer());
    } catch (MalformedMessageException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  private interface Reading {
    Object read(ByteBuf in) throws MalformedMessageException;
  }

  @Provide
  Arbitrary<Long> bits() {
    return Arbitraries.integers()
        .between(0, 63)
        .flatMap(shift -> Arbitraries.longs().map(value -> value >>> shift));
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 40),
        Arbitraries.integers().between(250, 260),
        Arbitraries.integers().between(65_530, 65_540));
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
