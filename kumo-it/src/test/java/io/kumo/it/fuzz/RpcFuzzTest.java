package io.kumo.it.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.ReplyError;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes a peer sends cost at most its own connection: messages are found the same however
 * the bytes are cut, nothing but a malformed message is thrown, and a neighbour is answered.
 */
class RpcFuzzTest {
  private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

  @Test
  void anyBytesCostAtMostTheirOwnConnection() throws Exception {
    new Fuzzer("rpc", List.of(extended(), extendedWrites()))
        .run(
            (input, random) -> {
              assertFoundTheSameHoweverCut(input, random);
              assertNeighbourIsAnswered(input, random);
            });
  }

  @Test
  void messagesAreTheSameForEveryCutInTwo() {
    for (byte[] input : List.of(extended(), extendedWrites())) {
      List<String> whole = messages(input, input.length);
      assertThat(whole).hasSizeGreaterThan(2);
      for (int cut = 0; cut <= input.length; cut++) {
        assertThat(messages(input, cut)).as("cut at %s", cut).isEqualTo(whole);
      }
    }
  }

  private static ByteBuf rawKey() {
    return Unpooled.copiedBuffer("hashhashkey", UTF_8);
  }

  private static byte[] extended() {
    ByteBuf out = Unpooled.buffer();
    ByteBuf keys = Unpooled.buffer();
    MsgPack.writeRaw(keys, rawKey());
    MsgPack.writeRaw(keys, rawKey());
    ByteBuf copies = Unpooled.buffer();
    MsgPack.writeUnsigned(copies, 0);
    MsgPack.writeUnsigned(copies, -7);
    int id = 1;
    for (Message message :
        List.of(
            new ExtGet(rawKey()),
            new ExtGet(rawKey(), 99),
            new ExtMultiGet(2, keys, copies),
            new FlushAll(1_800_000_000, 0))) {
      Frames.request(out, id++, message);
    }
    return ByteBufUtil.getBytes(out);
  }

  private static byte[] extendedWrites() {
    ByteBuf out = Unpooled.buffer();
    NodeAddress self = NodeAddress.of(new byte[] {127, 0, 0, 1}, 20_001);
    Frames.clusterInit(out, self, Role.SERVER, Capabilities.EXTENDED, 5);
    RequestId id = new RequestId(-1, 1);
    ByteBuf value = Unpooled.wrappedBuffer(new byte[40]);
    MutateOperands operands = new MutateOperands(1, 2, 3, 4, 5, 6, 7);
    Frames.request(out, 1, new Mutate(Operation.INCR, 0, rawKey(), value, operands, id));
    Fence fence = new Fence(-1, self);
    Frames.request(out, 2, new ExtReplicate(3, 1, rawKey(), value, fence, id, RequestHistory.NONE));
    return ByteBufUtil.getBytes(out);
  }

  // ---- the decoder alone

  private void assertFoundTheSameHoweverCut(byte[] input, Random random) {
    List<String> whole = messages(input, input.length);
    assertThat(messages(input, random.nextInt(input.length + 1))).isEqualTo(whole);
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  /** What is found when the bytes come in two pieces; the last says if they are malformed. */
  private List<String> messages(byte[] input, int cut) {
    List<String> found = new ArrayList<>();
    FrameDecoder decoder = new FrameDecoder();
    ByteBuf in = allocator.heapBuffer(input.length + 1);
    try {
      in.writeBytes(input, 0, cut);
      decoder.decode(in, new Recorder(found));
      in.writeBytes(input, cut, input.length - cut);
      decoder.decode(in, new Recorder(found));
    } catch (MalformedMessageException e) {
      found.add("malformed");
    } finally {
      assertThat(in.refCnt()).isEqualTo(1);
      in.release();
    }
    return found;
  }

  private record Recorder(List<String> found) implements FrameDecoder.FrameHandler {
    @Override
    public void request(int msgId, int methodId, ByteBuf params) {
      found.add(msgId + " asks " + methodId + " " + ByteBufUtil.hexDump(params));
      Method method = Method.byId(methodId);
      if (method != null) {
        try {
          method.decode(params);
        } catch (MalformedMessageException e) {
          found.add("malformed parameters");
        }
      }
    }

    @Override
    public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
      found.add(msgId + " answers " + ByteBufUtil.hexDump(result));
      if (error != null) {
        try {
          ReplyError.read(error);
        } catch (MalformedMessageException e) {
          found.add("malformed error");
        }
      }
    }

    @Override
    public void clusterInit(ClusterInit init) {
      found.add(init.toString());
    }
  }

  // ---- an endpoint with two connections

  private static NodeAddress address(int port) {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, port);
  }

  private static void assertNeighbourIsAnswered(byte[] input, Random random) {
    MemoryNetwork network = new MemoryNetwork();
    RpcEndpoint server = server(network);
    List<String> answers = new ArrayList<>();
    RpcEndpoint neighbour =
        new RpcEndpoint(network.start(address(2)), null, RpcOptions.DEFAULT, new Random(1));
    ask(neighbour, answers);
    network.events().runFor(SECOND_NS / 10);
    int cut = random.nextInt(input.length + 1);
    MemoryHost host = network.start(address(3));
    PieceSender stranger = new PieceSender(input, cut, false);
    host.connect(address(1), SECOND_NS, stranger);
    network.events().runFor(SECOND_NS / 20);
    host.execute(stranger::sendRest);
    network.events().runFor(SECOND_NS / 20);
    ask(neighbour, answers);
    network.events().runFor(SECOND_NS);
    assertThat(answers).containsExactly("hashhashkey", "hashhashkey");
    assertThat(server.transport().guard().bugs()).isZero();
  }

  private static RpcEndpoint server(MemoryNetwork network) {
    Identity identity = new Identity(address(1), Role.SERVER, Capabilities.EXTENDED, 1);
    RpcEndpoint server =
        new RpcEndpoint(network.start(address(1)), identity, RpcOptions.DEFAULT, new Random(1));
    EnumSet<Method> others = EnumSet.complementOf(EnumSet.of(Method.GET));
    for (Method method : others) {
      server.handle(method, Message.class, (m, caller, reply) -> reply.nil());
    }
    server.handle(Method.GET, Get.class, (get, caller, reply) -> reply.raw(get.key()));
    try {
      server.listen(address(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return server;
  }

  private static void ask(RpcEndpoint neighbour, List<String> answers) {
    ReplyHandler handler =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) throws MalformedMessageException {
            answers.add(MsgPack.readRaw(result).toString(UTF_8));
          }

          @Override
          public void error(ErrorCode code, String detail) {
            answers.add(code + " " + detail);
          }
        };
    neighbour
        .transport()
        .execute(() -> neighbour.peer(address(1)).call(new Get(rawKey()), SECOND_NS, handler));
  }
}
