package io.kumo.core.protocol.extended;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.original.Collector;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.ExtReplicateResult;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.RangeDigest;
import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that kumofs 0.4.13 does not send. */
class ExtendedMessagesTest {
  private static final NodeAddress A = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);
  private static final NodeAddress B = NodeAddress.of(new byte[] {(byte) 192, 0, 0, 1}, 65535);
  private static final ClusterExtras EXTRAS =
      new ClusterExtras(
          List.of(new NodeExtras(A, -1, -1, "zone"), new NodeExtras(B, 0, 1)), -5, -6);
  private static final HashSpaces SPACES =
      new HashSpaces(
          HashSpace.of(List.of(new Node(A, true), new Node(B, false)), -1),
          HashSpace.of(List.of(new Node(A, true)), 1));
  private static final PublishedSpaces VIEW = new PublishedSpaces(SPACES, EXTRAS);

  @Test
  void mutate() {
    Tries.of(Tries.MANY, ExtendedMessagesTest::mutate);
  }

  private static void mutate(Draw draw) throws Exception {
    Operation operation = draw.of(Operation.values());
    ByteBuf value = bytes(draw.bytes(100));
    long[] numbers = draw.longs(7);
    MutateOperands operands =
        new MutateOperands(
            (int) numbers[0],
            numbers[1] >>> 32,
            numbers[2] >>> 32,
            numbers[3],
            numbers[4],
            numbers[5],
            numbers[6]);
    RequestId id = new RequestId(draw.anyLong(), numbers[0]);
    assertPassesThrough(new Mutate(operation, draw.anyInt(), key(), value, operands, id));
  }

  @Test
  void extMultiGet() throws Exception {
    ByteBuf keys = Unpooled.buffer();
    MsgPack.writeRaw(keys, key());
    MsgPack.writeRaw(keys, key().writeBytes(new byte[40]));
    ExtMultiGet message = new ExtMultiGet(2, keys);
    assertPassesThrough(message);
    List<Integer> lengths = new ArrayList<>();
    message.forEach((rawKey, copy) -> lengths.add(rawKey.readableBytes()));
    assertThat(lengths).containsExactly(9, 49);
    assertThat(keys.readableBytes()).isEqualTo(1 + 9 + 3 + 49);
  }

  @Test
  void readsWithCopies() throws Exception {
    assertPassesThrough(new ExtGet(key(), -9));
    assertPassesThrough(new ExtGet(key()));
    ByteBuf keys = Unpooled.buffer();
    MsgPack.writeRaw(keys, key());
    MsgPack.writeRaw(keys, key());
    ByteBuf copies = Unpooled.buffer();
    MsgPack.writeUnsigned(copies, 0);
    MsgPack.writeUnsigned(copies, -3);
    ExtMultiGet message = new ExtMultiGet(2, keys, copies);
    assertPassesThrough(message);
    List<Long> clockTimes = new ArrayList<>();
    message.forEach((rawKey, copy) -> clockTimes.add(copy));
    assertThat(clockTimes).containsExactly(0L, -3L);
  }

  @Test
  void copiesOfFewerKeysThanAreAskedForAreMalformed() {
    ByteBuf params = hex("92" + "91" + "a9ffffffffffffffff6b" + "90");
    assertThatThrownBy(() -> Method.EXT_MULTI_GET.decode(params))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void extMultiGetOfAKeyWithoutHashIsMalformed() {
    ByteBuf params = hex("91" + "92" + "a9ffffffffffffffff6b" + "a16b");
    assertThatThrownBy(() -> Method.EXT_MULTI_GET.decode(params))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void extReplicate() {
    Tries.of(Tries.MANY, draw -> extReplicate(draw.anyLong(), draw.between(10, 100)));
  }

  private static void extReplicate(long clockTime, int length) throws Exception {
    Fence fence = new Fence(clockTime, A);
    ByteBuf value = bytes(new byte[length]);
    RequestId id = new RequestId(clockTime, 3);
    assertPassesThrough(new ExtReplicate(clockTime, 1, key(), value, fence, id, null));
  }

  @Test
  void extReplicateOfARecordThatIsPassedOnBringsItsRequests() throws Exception {
    RequestId id = new RequestId(7, 8);
    RequestHistory history = new RequestHistory(List.of(new AppliedRequest(id, 9)), false);
    ByteBuf value = bytes(new byte[12]);
    Fence fence = new Fence(1, B);
    assertPassesThrough(new ExtReplicate(5, 0, key(), value, fence, RequestId.NONE, history));
  }

  @Test
  void extReplicateOfATombstone() throws Exception {
    Fence fence = new Fence(1, B);
    assertPassesThrough(
        new ExtReplicate(5, 0, key(), bytes(new byte[8]), fence, RequestId.NONE, null));
    ByteBuf nine = Unpooled.buffer();
    new ExtReplicate(5, 0, key(), bytes(new byte[9]), fence, RequestId.NONE, null).encode(nine);
    assertThatThrownBy(() -> Method.EXT_REPLICATE.decode(nine))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void questionsForRecordsAndTheirDigests() throws Exception {
    Fence fence = new Fence(1L << 63, B);
    assertPassesThrough(new ListRecords(-5, -1, fence));
    List<HashRange> ranges = List.of(new HashRange(0, 5), new HashRange(1L << 62, -1));
    assertPassesThrough(new DigestRanges(ranges, DigestDepth.KEYS, false, fence));
    assertPassesThrough(new DigestRanges(List.of(), DigestDepth.VALUES, true, fence));
  }

  @Test
  void aQuestionForRecordsWithoutAnEndGoesOnToTheLastHash() throws Exception {
    Fence fence = new Fence(7, B);
    ByteBuf older = Unpooled.buffer();
    MsgPack.writeArrayHeader(older, 3);
    MsgPack.writeUnsigned(older, 5);
    fence.encode(older);
    assertThat(ListRecords.decode(older)).isEqualTo(new ListRecords(5, -1, fence));
  }

  @Test
  void digestsOfRangesPassThrough() throws Exception {
    List<RangeDigest> digests = List.of(RangeDigest.NONE, new RangeDigest(-1, 10_000_000));
    for (DigestList list :
        List.of(
            new DigestList(digests, false, 0, null),
            new DigestList(digests, true, -9, null),
            DigestList.refused(VIEW))) {
      ByteBuf wire = Unpooled.buffer();
      list.write(wire);
      assertThat(DigestList.read(wire)).isEqualTo(list);
      assertThat(wire.isReadable()).isFalse();
    }
  }

  @Test
  void rangesThatAreNoneAreRefused() {
    Fence fence = new Fence(7, B);
    ByteBuf backwards = Unpooled.buffer();
    MsgPack.writeArrayHeader(backwards, 5);
    MsgPack.writeArrayHeader(backwards, 2);
    MsgPack.writeUnsigned(backwards, 5);
    MsgPack.writeUnsigned(backwards, 4);
    MsgPack.writeUnsigned(backwards, 0);
    MsgPack.writeBool(backwards, false);
    fence.encode(backwards);
    List<HashRange> many = Collections.nCopies(DigestRanges.MAX_RANGES + 1, HashRange.ALL);
    ByteBuf tooMany = Unpooled.buffer();
    new DigestRanges(many, DigestDepth.KEYS, false, fence).encode(tooMany);
    for (ByteBuf bad : List.of(backwards, tooMany)) {
      assertThatThrownBy(() -> Method.DIGEST_RANGES.decode(bad))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void hashSpacesWithExtras() throws Exception {
    assertPassesThrough(new HashSpacePush(VIEW));
    assertPassesThrough(new HashSpaceSync(VIEW, 1L << 40));
    assertPassesThrough(new HashSpaceSync(VIEW, 1L << 40, 1L << 41));
    assertPassesThrough(new HashSpacePush(new PublishedSpaces(SPACES, ClusterExtras.NONE)));
    assertThat(EXTRAS.find(B)).contains(new NodeExtras(B, 0, 1));
  }

  @Test
  void extrasStandInOneElementThatTheOriginalIgnores() {
    ByteBuf out = Unpooled.buffer();
    NodeExtras node = new NodeExtras(A, 1, 2);
    new PublishedSpaces(HashSpaces.EMPTY, new ClusterExtras(List.of(node), 3, 4)).write(out);
    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo("93" + "929000" + "929000" + "93" + "9193a64d587f0000010102" + "03" + "04");
  }

  @Test
  void elementsOfALaterVersionAreIgnored() throws Exception {
    String node = "95a64d587f0000010102" + "a17a" + "90";
    ByteBuf view =
        hex(
            "94"
                + "949000"
                + "920390"
                + "a161"
                + "929000"
                + ("94" + "91" + node + "0304c0")
                + "05");
    view.writeByte(0x7f);
    PublishedSpaces read = PublishedSpaces.read(view);
    assertThat(read.extras())
        .isEqualTo(new ClusterExtras(List.of(new NodeExtras(A, 1, 2, "z")), 3, 4));
  }

  @Test
  void keepAliveWithThePhysicalClock() throws Exception {
    assertPassesThrough(new KeepAlive(7, 1_800_000_000_000L));
    assertPassesThrough(new KeepAlive(1L << 63, 0));
    assertPassesThrough(new KeepAlive(7, 1_800_000_000_000L, 0));
    assertPassesThrough(new KeepAlive(7, 1_800_000_000_000L, 1L << 63));
  }

  @Test
  void attachByForce() throws Exception {
    assertPassesThrough(new AttachNewServers(true, true));
    assertPassesThrough(new AttachNewServers(false, false));
    assertPassesThrough(new AttachNewServers(true, false, true, 0));
    assertPassesThrough(new AttachNewServers(true, false, false, 5));
  }

  @Test
  void results() throws Exception {
    for (MutateStatus status : MutateStatus.values()) {
      MutateResult result = new MutateResult(status, -1, -2, bytes(new byte[18]), 7, null);
      assertThat(passed(result)).isEqualTo(result);
      assertThat(passed(MutateResult.of(status))).isEqualTo(MutateResult.of(status));
    }
    assertThat(passed(MutateResult.refused(VIEW))).isEqualTo(MutateResult.refused(VIEW));
    for (ExtGetResult result :
        List.of(
            ExtGetResult.found(bytes(new byte[18])),
            ExtGetResult.NOT_FOUND,
            ExtGetResult.FAILED,
            ExtGetResult.COPY_IS_GOOD,
            ExtGetResult.refused(VIEW))) {
      ByteBuf out = Unpooled.buffer();
      result.write(out);
      assertThat(ExtGetResult.read(out)).isEqualTo(result);
    }
    for (ExtReplicateResult result :
        List.of(
            ExtReplicateResult.stored(-1),
            ExtReplicateResult.haveNewer(1),
            ExtReplicateResult.refused(VIEW))) {
      ByteBuf out = Unpooled.buffer();
      result.write(out);
      assertThat(ExtReplicateResult.read(out)).isEqualTo(result);
    }
  }

  @Test
  void tooFewParametersAreATypeErrorAndFurtherOnesAreIgnored() throws Exception {
    assertThat(Method.GET.decode(hex("92a8000000000000000001"))).isInstanceOf(Get.class);
    assertThatThrownBy(() -> Method.GET.decode(hex("90")))
        .isInstanceOf(MalformedMessageException.class);
    assertThat(Method.START_REPLACE.decode(hex("90"))).isEqualTo(new StartReplace(false));
    assertThat(Method.REPLACE_COPY_START.decode(hex("9292900007")))
        .isEqualTo(new ReplaceCopyStart(HashSpace.EMPTY, 7, false));
  }

  private static MutateResult passed(MutateResult result) throws Exception {
    ByteBuf out = Unpooled.buffer();
    result.write(out);
    return MutateResult.read(out);
  }

  private static void assertPassesThrough(Message message) throws Exception {
    ByteBuf out = Unpooled.buffer();
    Frames.request(out, 9, message);
    Collector collector = new Collector();
    new FrameDecoder().decode(out, collector);
    assertThat(collector.count).isEqualTo(1);
    assertThat(message.method().decode(collector.params)).isEqualTo(message);
    assertThat(collector.params.isReadable()).as("rest").isFalse();
  }

  private static ByteBuf key() {
    return Unpooled.buffer().writeLong(-1).writeByte('k');
  }

  private static ByteBuf bytes(byte[] bytes) {
    return Unpooled.wrappedBuffer(bytes);
  }

  private static ByteBuf hex(String hex) {
    return Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump(hex));
  }
}
