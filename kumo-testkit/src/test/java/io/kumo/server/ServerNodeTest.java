package io.kumo.server;

import static io.kumo.server.ServerNodes.address;
import static io.kumo.server.ServerNodes.bytes;
import static io.kumo.server.ServerNodes.coordinator;
import static io.kumo.server.ServerNodes.rawKey;
import static io.kumo.server.ServerNodes.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.admin.StatusCommand;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.original.SetResult;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.server.ServerNodes.Answer;
import io.kumo.testkit.net.MemoryHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerNodeTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);
  private static final NodeAddress D = address(4);

  private final ServerNodes servers = new ServerNodes(3);
  private final HashSpace three = space(1, A, B, C);

  @Test
  void anExtendedWriteIsOnEveryReplicaWhenItIsAnswered() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    assertThat(servers.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.STORED);
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(servers.store(node).liveCount()).isEqualTo(1);
    }
    assertThat(servers.extGet(owner, "key")).isEqualTo("value");
  }

  @Test
  void manyReadsInOneMessageAreAnsweredInOrder() throws MalformedMessageException {
    servers.tell(three, three);
    servers.run(Duration.ofSeconds(1));
    NodeAddress owner = coordinator(three, "key");
    List<String> own = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String key = "k" + i;
      (coordinator(three, key).equals(owner) ? own : foreign).add(key);
    }
    servers.mutate(owner, Operation.SET, own.get(0), "first");
    servers.mutate(owner, Operation.SET, own.get(1), "");
    servers.mutate(owner, Operation.SET, own.get(2), "gone");
    servers.mutate(owner, Operation.DELETE, own.get(2), "");
    assertThat(
            servers.extMultiGet(
                owner, own.get(1), foreign.get(0), own.get(3), own.get(0), own.get(2)))
        .containsExactly("", "?", null, "first", null);
  }

  @Test
  void theCopyThatAGatewayHasIsConfirmedWhileNothingIsNewer() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    servers.mutate(owner, Operation.SET, "key", "first");
    long first = servers.clockTime(owner, "key");
    assertThat(servers.getIfNewer(owner, "key", first)).isEqualTo("COPY_IS_GOOD");
    assertThat(servers.getIfNewer(owner, "key", first - 1)).isEqualTo("first");
    servers.mutate(owner, Operation.SET, "key", "second");
    assertThat(servers.getIfNewer(owner, "key", first)).isEqualTo("second");
    long second = servers.clockTime(owner, "key");
    assertThat(servers.extMultiGet(owner, List.of(first, second, 0L), "key", "key", "key"))
        .containsExactly("second", "true", "second");
    servers.mutate(owner, Operation.DELETE, "key", "");
    assertThat(servers.getIfNewer(owner, "key", second)).isEqualTo("NOT_FOUND");
  }

  @Test
  void anAnswerToManyReadsIsBounded() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    String large = "x".repeat(Limits.MULTI_GET_ANSWER_BYTES / 2 + 1);
    servers.mutate(owner, Operation.SET, "key", large);
    assertThat(servers.extMultiGet(owner, "key", "key", "key", "key"))
        .containsExactly(large, large, "?", "?");
  }

  @Test
  void readModifyWritesHappenAtTheCoordinator() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "n");
    servers.mutate(owner, Operation.SET, "n", "41");
    assertThat(servers.mutate(owner, Operation.INCR, "n", "").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(servers.extGet(owner, "n")).isEqualTo("42");
    assertThat(servers.mutate(owner, Operation.ADD, "n", "1").status())
        .isEqualTo(MutateStatus.NOT_STORED);
    assertThat(servers.mutate(owner, Operation.DELETE, "n", "").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(servers.mutate(owner, Operation.DELETE, "n", "").status())
        .isEqualTo(MutateStatus.NOT_FOUND);
    assertThat(servers.extGet(owner, "n")).isNull();
  }

  @Test
  void anotherNodeThanTheCoordinatorRefusesAndShowsItsHashSpaces()
      throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress other = coordinator(three, "key").equals(A) ? B : A;
    var result = servers.mutate(other, Operation.SET, "key", "value");
    assertThat(result.status()).isEqualTo(MutateStatus.REFUSED);
    assertThat(result.view()).isNotNull();
    assertThat(servers.extGet(other, "key")).isEqualTo("REFUSED");
  }

  @Test
  void answersAnOriginalGatewayAsTheOriginalDoes() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    ByteBuf value = Unpooled.buffer().writeLong(0).writeShort(0).writeBytes(bytes("v"));
    SetResult stored =
        SetResult.read(servers.call(owner, new Set(Set.PLAIN, rawKey("key"), value)).result());
    assertThat(stored.status()).isEqualTo(SetResult.Status.STORED);

    for (NodeAddress node : List.of(A, B, C)) {
      ByteBuf read = MsgPack.readRaw(servers.call(node, new Get(rawKey("key"))).result());
      assertThat(read.getLong(read.readerIndex())).isEqualTo(stored.clockTime());
      assertThat(read.toString(10 + read.readerIndex(), 1, StandardCharsets.UTF_8)).isEqualTo("v");
    }
    Answer unchanged = servers.call(owner, new GetIfModified(rawKey("key"), stored.clockTime()));
    assertThat(MsgPack.readBool(unchanged.result())).isTrue();

    ByteBuf stale = Unpooled.buffer().writeLong(17).writeShort(0);
    assertThat(
            SetResult.read(
                    servers
                        .call(owner, new Set(Set.COMPARE_AND_SWAP, rawKey("key"), stale))
                        .result())
                .status())
        .isEqualTo(SetResult.Status.MISMATCH);
    assertThat(MsgPack.readBool(servers.call(owner, new Delete(0, rawKey("key"))).result()))
        .isTrue();
    assertThat(MsgPack.isNil(servers.call(owner, new Get(rawKey("key"))).result())).isTrue();
    assertThat(servers.store(A).tombstoneCount()).isEqualTo(1);
  }

  @Test
  void whoIsNotResponsibleAnswersErrorSixAndKeepsTheConnection() {
    assertThat(servers.call(A, new Get(rawKey("key"))).error).isEqualTo(ErrorCode.SERVER);
    servers.tell(three, three);
    NodeAddress other = coordinator(three, "key").equals(A) ? B : A;
    Answer set =
        servers.call(other, new Set(Set.PLAIN, rawKey("key"), Unpooled.buffer().writeZero(10)));
    assertThat(set.error).isEqualTo(ErrorCode.SERVER);
    assertThat(servers.call(other, new Get(rawKey("key"))).error).isNull();
    assertThat(
            servers.call(other, new Set(Set.APPEND, rawKey("key"), Unpooled.buffer().writeZero(10)))
                .error)
        .isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void aWriteUnderWayGoesOnWhenTheManagerMarksADeadReplicaFault() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    NodeAddress dead = owner.equals(C) ? B : C;
    assertThat(servers.extGet(owner, "key")).isNull();
    servers.kill(dead);
    Answer write = servers.send(owner, ServerNodes.mutation(Operation.SET, "key", "value"));
    servers.run(Duration.ofSeconds(2));
    assertThat(write.done()).isFalse();
    assertThat(servers.extGet(owner, "key")).isNull();

    servers.tell(three.withFault(dead, 2), three.withFault(dead, 2));
    servers.run(Duration.ofSeconds(1));
    assertThat(write.done()).isTrue();
    assertThat(servers.extGet(owner, "key")).isEqualTo("value");
  }

  @Test
  void aCoordinatorWithOlderHashSpacesIsFencedAndLearnsTheNewer() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    HashSpace newer = three.withFault(owner, 2);
    for (NodeAddress node : List.of(A, B, C)) {
      if (!node.equals(owner)) {
        servers.node(node).spaces().offer(new HashSpaces(newer, newer));
      }
    }
    assertThat(servers.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.REFUSED);
    assertThat(servers.node(owner).spaces().current().write()).isEqualTo(newer);
    assertThat(servers.store(A).liveCount() + servers.store(B).liveCount()).isZero();
  }

  @Test
  void aReplicaThatMissedTheNewHashSpacesGetsThemFromTheCoordinator()
      throws MalformedMessageException {
    servers.tell(three, three);
    HashSpace newer = three.withClockTime(2);
    NodeAddress owner = coordinator(three, "key");
    servers.node(owner).spaces().offer(new HashSpaces(newer, newer));
    assertThat(servers.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(servers.node(A).spaces().current().write().clockTime()).isEqualTo(2);
    assertThat(servers.node(B).spaces().current().write().clockTime()).isEqualTo(2);
  }

  @Test
  void anOriginalReplicaIsSpokenToInItsOwnWords() throws IOException, MalformedMessageException {
    List<String> received = new ArrayList<>();
    MemoryHost host = servers.network.start(D);
    RpcEndpoint original =
        new RpcEndpoint(
            host, new Identity(D, Role.SERVER, 0, 0), RpcOptions.DEFAULT, new Random(2));
    original.handle(
        Method.REPLICATE_SET,
        ReplicateSet.class,
        (m, caller, reply) -> {
          received.add("set " + m.clock());
          reply.bool(true);
        });
    original.handle(
        Method.REPLICATE_DELETE,
        ReplicateDelete.class,
        (m, caller, reply) -> {
          received.add("delete " + ClockTime.counter(m.clockTime()));
          reply.bool(false);
        });
    original.handle(Method.KEEP_ALIVE, KeepAlive.class, (m, caller, reply) -> reply.nil());
    original.listen(D);
    HashSpace mixed = space(1, A, D);
    servers.tell(mixed, mixed);
    String key = coordinator(mixed, "key").equals(A) ? "key" : keyOf(mixed, A);
    long stamp = servers.mutate(A, Operation.SET, key, "value").clockTime();
    servers.mutate(A, Operation.DELETE, key, "");
    assertThat(received)
        .containsExactly(
            "set " + ClockTime.counter(stamp), "delete " + (ClockTime.counter(stamp) + 1));
  }

  private static String keyOf(HashSpace space, NodeAddress owner) {
    int i = 0;
    while (!coordinator(space, "key" + i).equals(owner)) {
      i++;
    }
    return "key" + i;
  }

  @Test
  void statusCountsWhatWasAsked() throws MalformedMessageException {
    servers.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    servers.mutate(owner, Operation.SET, "key", "value");
    servers.extGet(owner, "key");
    assertThat(status(owner, StatusCommand.COUNT_SET)).isEqualTo(1);
    assertThat(status(owner, StatusCommand.COUNT_GET)).isEqualTo(1);
    assertThat(status(owner, StatusCommand.COUNT_DELETE)).isZero();
    assertThat(status(owner, StatusCommand.ITEMS)).isEqualTo(1);
    assertThat(status(owner, StatusCommand.REPLACE_STATE)).isZero();
    servers.tell(three.withFault(owner, 5), three);
    assertThat(status(owner, StatusCommand.REPLACE_STATE))
        .isEqualTo(StatusCommand.INACTIVE | StatusCommand.SPACES_DIFFER);
    assertThat(MsgPack.isNil(servers.call(owner, new GetStatus(77)).result())).isTrue();
  }

  private long status(NodeAddress node, StatusCommand command) throws MalformedMessageException {
    return MsgPack.readUnsigned(servers.call(node, new GetStatus(command.id())).result());
  }

  @Test
  void settingsThatAreNotKnownAreAnsweredWithAnError() throws MalformedMessageException {
    ByteBuf yes = Unpooled.buffer();
    MsgPack.writeBool(yes, true);
    Answer known = servers.call(A, new SetConfig(SetConfig.TCP_NODELAY, yes));
    assertThat(MsgPack.readUnsigned(known.result())).isPositive();
    assertThat(servers.call(A, new SetConfig(9, yes)).error).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void hashSpacesSurviveARestart() {
    servers.tell(three, three);
    servers.kill(A);
    ServerNode again = servers.start(A);
    assertThat(again.spaces().current().write()).isEqualTo(three);
  }
}
