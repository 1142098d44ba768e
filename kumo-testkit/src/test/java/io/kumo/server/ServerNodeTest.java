package io.kumo.server;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.StoredRecords.bytes;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.admin.StatusField;
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
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.net.Endpoints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerNodeTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);

  private final MemoryCluster cluster = new MemoryCluster();
  private final RecordClient client = new RecordClient(cluster);
  private final HashSpace three = space(1, A, B, C);

  ServerNodeTest() {
    cluster.startServers(3);
  }

  @Test
  void anExtendedWriteIsOnEveryReplicaWhenItIsAnswered() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    assertThat(client.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.STORED);
    for (NodeAddress node : List.of(A, B, C)) {
      assertThat(cluster.store(node).liveCount()).isEqualTo(1);
    }
    assertThat(client.get(owner, "key")).isEqualTo("value");
  }

  @Test
  void manyReadsInOneMessageAreAnsweredInOrder() throws MalformedMessageException {
    cluster.tell(three, three);
    cluster.run(Duration.ofSeconds(1));
    NodeAddress owner = coordinator(three, "key");
    List<String> own = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String key = "k" + i;
      (coordinator(three, key).equals(owner) ? own : foreign).add(key);
    }
    client.mutate(owner, Operation.SET, own.get(0), "first");
    client.mutate(owner, Operation.SET, own.get(1), "");
    client.mutate(owner, Operation.SET, own.get(2), "gone");
    client.mutate(owner, Operation.DELETE, own.get(2), "");
    assertThat(
            client.multiGet(owner, own.get(1), foreign.get(0), own.get(3), own.get(0), own.get(2)))
        .containsExactly("", "?", null, "first", null);
  }

  @Test
  void theCopyThatAGatewayHasIsConfirmedWhileNothingIsNewer() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    client.mutate(owner, Operation.SET, "key", "first");
    long first = client.clockTime(owner, "key");
    assertThat(client.getIfNewer(owner, "key", first)).isEqualTo("COPY_IS_GOOD");
    assertThat(client.getIfNewer(owner, "key", first - 1)).isEqualTo("first");
    client.mutate(owner, Operation.SET, "key", "second");
    assertThat(client.getIfNewer(owner, "key", first)).isEqualTo("second");
    long second = client.clockTime(owner, "key");
    assertThat(client.multiGet(owner, List.of(first, second, 0L), "key", "key", "key"))
        .containsExactly("second", "true", "second");
    client.mutate(owner, Operation.DELETE, "key", "");
    assertThat(client.getIfNewer(owner, "key", second)).isEqualTo("NOT_FOUND");
  }

  @Test
  void anAnswerToManyReadsIsBounded() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    String large = "x".repeat(Limits.MULTI_GET_ANSWER_BYTES / 2 + 1);
    client.mutate(owner, Operation.SET, "key", large);
    assertThat(client.multiGet(owner, "key", "key", "key", "key"))
        .containsExactly(large, large, "?", "?");
  }

  @Test
  void readModifyWritesHappenAtTheCoordinator() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "n");
    client.mutate(owner, Operation.SET, "n", "41");
    assertThat(client.mutate(owner, Operation.INCR, "n", "").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(client.get(owner, "n")).isEqualTo("42");
    assertThat(client.mutate(owner, Operation.ADD, "n", "1").status())
        .isEqualTo(MutateStatus.NOT_STORED);
    assertThat(client.mutate(owner, Operation.DELETE, "n", "").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(client.mutate(owner, Operation.DELETE, "n", "").status())
        .isEqualTo(MutateStatus.NOT_FOUND);
    assertThat(client.get(owner, "n")).isNull();
  }

  @Test
  void anotherNodeThanTheCoordinatorRefusesAndShowsItsHashSpaces()
      throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress other = coordinator(three, "key").equals(A) ? B : A;
    var result = client.mutate(other, Operation.SET, "key", "value");
    assertThat(result.status()).isEqualTo(MutateStatus.REFUSED);
    assertThat(result.view()).isNotNull();
    assertThat(client.get(other, "key")).isEqualTo("REFUSED");
  }

  @Test
  void answersAnOriginalGatewayAsTheOriginalDoes() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    ByteBuf value = Unpooled.buffer().writeLong(0).writeShort(0).writeBytes(bytes("v"));
    SetResult stored =
        SetResult.read(cluster.call(owner, new Set(Set.PLAIN, rawKey("key"), value)).result());
    assertThat(stored.status()).isEqualTo(SetResult.Status.STORED);

    for (NodeAddress node : List.of(A, B, C)) {
      ByteBuf read = MsgPack.readRaw(cluster.call(node, new Get(rawKey("key"))).result());
      assertThat(read.getLong(read.readerIndex())).isEqualTo(stored.clockTime());
      assertThat(read.toString(10 + read.readerIndex(), 1, StandardCharsets.UTF_8)).isEqualTo("v");
    }
    CallResult unchanged =
        cluster.call(owner, new GetIfModified(rawKey("key"), stored.clockTime()));
    assertThat(MsgPack.readBool(unchanged.result())).isTrue();

    ByteBuf stale = Unpooled.buffer().writeLong(17).writeShort(0);
    assertThat(
            SetResult.read(
                    cluster
                        .call(owner, new Set(Set.COMPARE_AND_SWAP, rawKey("key"), stale))
                        .result())
                .status())
        .isEqualTo(SetResult.Status.MISMATCH);
    assertThat(MsgPack.readBool(cluster.call(owner, new Delete(0, rawKey("key"))).result()))
        .isTrue();
    assertThat(MsgPack.isNil(cluster.call(owner, new Get(rawKey("key"))).result())).isTrue();
    assertThat(cluster.store(A).tombstoneCount()).isEqualTo(1);
  }

  @Test
  void whoIsNotResponsibleAnswersErrorSixAndKeepsTheConnection() {
    assertThat(cluster.call(A, new Get(rawKey("key"))).error()).isEqualTo(ErrorCode.SERVER);
    cluster.tell(three, three);
    NodeAddress other = coordinator(three, "key").equals(A) ? B : A;
    CallResult set =
        cluster.call(other, new Set(Set.PLAIN, rawKey("key"), Unpooled.buffer().writeZero(10)));
    assertThat(set.error()).isEqualTo(ErrorCode.SERVER);
    assertThat(cluster.call(other, new Get(rawKey("key"))).error()).isNull();
    assertThat(
            cluster
                .call(other, new Set(Set.APPEND, rawKey("key"), Unpooled.buffer().writeZero(10)))
                .error())
        .isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void aWriteUnderWayGoesOnWhenTheManagerMarksADeadReplicaFault() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    NodeAddress dead = owner.equals(C) ? B : C;
    assertThat(client.get(owner, "key")).isNull();
    cluster.kill(dead);
    CallResult write = cluster.send(owner, RecordClient.mutation(Operation.SET, "key", "value"));
    cluster.run(Duration.ofSeconds(2));
    assertThat(write.isDone()).isFalse();
    assertThat(client.get(owner, "key")).isNull();

    cluster.tell(three.withFault(dead, 2), three.withFault(dead, 2));
    cluster.run(Duration.ofSeconds(1));
    assertThat(write.isDone()).isTrue();
    assertThat(client.get(owner, "key")).isEqualTo("value");
  }

  @Test
  void aCoordinatorWithOlderHashSpacesIsFencedAndLearnsTheNewer() throws MalformedMessageException {
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    HashSpace newer = three.withFault(owner, 2);
    for (NodeAddress node : List.of(A, B, C)) {
      if (!node.equals(owner)) {
        cluster.server(node).spaces().offer(new HashSpaces(newer, newer));
      }
    }
    assertThat(client.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.REFUSED);
    assertThat(cluster.server(owner).spaces().current().write()).isEqualTo(newer);
    assertThat(cluster.store(A).liveCount() + cluster.store(B).liveCount()).isZero();
  }

  @Test
  void aReplicaThatMissedTheNewHashSpacesGetsThemFromTheCoordinator()
      throws MalformedMessageException {
    cluster.tell(three, three);
    HashSpace newer = three.withClockTime(2);
    NodeAddress owner = coordinator(three, "key");
    cluster.server(owner).spaces().offer(new HashSpaces(newer, newer));
    assertThat(client.mutate(owner, Operation.SET, "key", "value").status())
        .isEqualTo(MutateStatus.STORED);
    assertThat(cluster.server(A).spaces().current().write().clockTime()).isEqualTo(2);
    assertThat(cluster.server(B).spaces().current().write().clockTime()).isEqualTo(2);
  }

  @Test
  void anOriginalReplicaIsSpokenToInItsOwnWords() throws IOException, MalformedMessageException {
    List<String> received = new ArrayList<>();
    RpcEndpoint original = Endpoints.of(cluster.startHost(D), Role.SERVER, 0);
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
    cluster.tell(mixed, mixed);
    String key = coordinator(mixed, "key").equals(A) ? "key" : keyOf(mixed, A);
    long stamp = client.mutate(A, Operation.SET, key, "value").clockTime();
    client.mutate(A, Operation.DELETE, key, "");
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
    cluster.tell(three, three);
    NodeAddress owner = coordinator(three, "key");
    client.mutate(owner, Operation.SET, "key", "value");
    client.get(owner, "key");
    assertThat(status(owner, StatusField.COUNT_SET)).isEqualTo(1);
    assertThat(status(owner, StatusField.COUNT_GET)).isEqualTo(1);
    assertThat(status(owner, StatusField.COUNT_DELETE)).isZero();
    assertThat(status(owner, StatusField.ITEMS)).isEqualTo(1);
    assertThat(status(owner, StatusField.REPLACE_STATE)).isZero();
    cluster.tell(three.withFault(owner, 5), three);
    assertThat(status(owner, StatusField.REPLACE_STATE))
        .isEqualTo(StatusField.INACTIVE | StatusField.SPACES_DIFFER);
    assertThat(MsgPack.isNil(cluster.call(owner, new GetStatus(77)).result())).isTrue();
  }

  private long status(NodeAddress node, StatusField command) throws MalformedMessageException {
    return MsgPack.readUnsigned(cluster.call(node, new GetStatus(command.id())).result());
  }

  @Test
  void settingsThatAreNotKnownAreAnsweredWithAnError() throws MalformedMessageException {
    ByteBuf yes = Unpooled.buffer();
    MsgPack.writeBool(yes, true);
    CallResult known = cluster.call(A, new SetConfig(SetConfig.TCP_NODELAY, yes));
    assertThat(MsgPack.readUnsigned(known.result())).isPositive();
    assertThat(cluster.call(A, new SetConfig(9, yes)).error()).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void hashSpacesSurviveARestart() {
    cluster.tell(three, three);
    cluster.kill(A);
    ServerNode again = cluster.startServer(A);
    assertThat(again.spaces().current().write()).isEqualTo(three);
  }
}
