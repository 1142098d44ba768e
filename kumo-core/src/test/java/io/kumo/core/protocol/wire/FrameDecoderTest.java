package io.kumo.core.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ConnectionKind;
import io.kumo.core.protocol.CountingBuf;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Reencoder;
import io.kumo.core.protocol.ReplyError;
import io.kumo.core.protocol.Request;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.original.Collector;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private static final NodeAddress ADDRESS = NodeAddress.of(new byte[] {127, 0, 0, 1}, 29803);

  @Test
  void introducesItselfAsTheOriginalDoes() {
    ByteBuf out = Unpooled.buffer();
    Frames.clusterInit(out, ADDRESS, Role.SERVER, 0, 0);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo("9302a6746b7f00000101");
  }

  @Test
  void readsCapabilitiesAndIncarnationOfAnExtendedPeer() throws Exception {
    ByteBuf out = Unpooled.buffer();
    Frames.clusterInit(out, ADDRESS, Role.MANAGER, Capabilities.EXTENDED, -2);
    assertThat(reencode(out)).isEqualTo(out);
    ClusterInit init = firstInit(out);
    assertThat(init).isEqualTo(new ClusterInit(ADDRESS, Role.MANAGER, Capabilities.EXTENDED, -2));
  }

  @Test
  void ignoresWhatALaterVersionAddsToTheInit() throws Exception {
    ByteBuf in = hex("9702a6746b7f0000010101" + "09a16b" + "0a");
    assertThat(firstInit(in)).isEqualTo(new ClusterInit(ADDRESS, Role.SERVER, 1, 9, "k"));
  }

  @Test
  void readsTheZoneOfAServerThatHasOne() throws Exception {
    ClusterInit init = new ClusterInit(ADDRESS, Role.SERVER, 1, 9, "k");
    ByteBuf out = Unpooled.buffer();
    init.encode(out);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo("9602a6746b7f0000010101" + "09a16b");
    assertThat(firstInit(out)).isEqualTo(init);
  }

  @Test
  void handsOutSlicesWithoutCopying() throws Exception {
    ByteBuf in = Unpooled.buffer();
    Frames.request(in, 7, new Get(Unpooled.buffer().writeLong(1)));
    Collector collector = new Collector();
    new FrameDecoder().decode(in, collector);
    Get get = (Get) Method.GET.decode(collector.params);
    assertThat(get.key().array()).isSameAs(in.array());
    assertThat(get.key().getLong(get.key().readerIndex())).isEqualTo(1);
  }

  @Test
  void readsErrorsOfAllForms() throws Exception {
    assertThat(error("940105" + "06" + "c0"))
        .isEqualTo(new ReplyError(ErrorCode.SERVER, "error 6"));
    assertThat(error("940105" + "7f" + "c0").code()).isEqualTo(ErrorCode.UNKNOWN);
    assertThat(error("940105" + "a3626164" + "c0"))
        .isEqualTo(new ReplyError(ErrorCode.UNKNOWN, "bad"));
    assertThat(error("940105" + "c3" + "c0").code()).isEqualTo(ErrorCode.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c1", // a byte that MessagePack does not use
        "d903616263", // str8
        "c40161", // bin8
        "d40100", // an extension
        "c0", // not an array
        "90", // an array without a type
        "9303a6746b7f00000101", // a type that does not exist
        "920001", // a request without method
        "9400ff2290", // a negative message id
        "9400cf00000001000000002290", // a message id of 33 bits
        "9302a5746b7f000001", // an address of 5 bytes
        "9302a600007f00000101", // port 0
        "9302a6746b7f00000102", // a role that does not exist
        "ddffffffff", // more elements than any message has
        "91919191919191919191919191919191919191" // too deep
      })
  void closesOnMalformedBytes(String bytes) {
    assertThatThrownBy(() -> new FrameDecoder().decode(hex(bytes), new Collector()))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void leavesParametersOfTheWrongTypeToTheMethod() throws Exception {
    Collector collector = new Collector();
    new FrameDecoder().decode(hex("94000122a0"), collector);
    assertThat(Request.decode(1, 34, collector.params, ConnectionKind.SUBSYSTEM))
        .isInstanceOf(Request.Malformed.class);
  }

  @Test
  void refusesAMessageThatIsTooLongBeforeItHasArrived() {
    FrameDecoder decoder = new FrameDecoder(1000);
    assertThatThrownBy(() -> decoder.decode(hex("94000122db000003e9"), new Collector()))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> new FrameDecoder().decode(hex("94000122dbffffffff"), new Collector()))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void looksAtALongValueOnceHoweverItArrives() throws Exception {
    ByteBuf frame = Unpooled.buffer();
    ByteBuf value = Unpooled.buffer().writeZero(1 << 20);
    Frames.request(frame, 1, new Set(Set.PLAIN, Unpooled.buffer().writeLong(1), value));
    CountingBuf arriving = new CountingBuf(frame.readableBytes());
    FrameDecoder decoder = new FrameDecoder();
    Collector collector = new Collector();
    while (frame.isReadable()) {
      arriving.writeBytes(frame, Math.min(100, frame.readableBytes()));
      decoder.decode(arriving, collector);
    }
    assertThat(collector.count).isEqualTo(1);
    assertThat(arriving.looks).isLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "34, true",
    "65570, true",
    "6, false",
    "200, false",
    "69632, false",
    "131106, false",
    "-1, false"
  })
  void knowsItsMethods(int id, boolean known) {
    assertThat(Method.byId(id) != null).isEqualTo(known);
  }

  private static ReplyError error(String bytes) throws Exception {
    Collector collector = new Collector();
    new FrameDecoder().decode(hex(bytes), collector);
    return ReplyError.read(collector.error);
  }

  private static ClusterInit firstInit(ByteBuf in) throws Exception {
    Collector collector = new Collector();
    new FrameDecoder().decode(in, collector);
    return collector.init;
  }

  private static ByteBuf reencode(ByteBuf in) throws Exception {
    Reencoder reencoder = new Reencoder(null);
    new FrameDecoder().decode(in.duplicate(), reencoder);
    return reencoder.out;
  }

  private static ByteBuf hex(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }
}
