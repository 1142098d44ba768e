package io.kumo.server;

import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.kumo.testkit.cluster.RecordClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers over real sockets and real files. */
class ServerProcessTest {
  private static final NodeAddress NOBODY = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);

  private final EventLoops loops = new EventLoops("client", 1, IoKind.best());
  private final NettyTransport transport = new NettyTransport(loops, TimeSource.system());
  private final RpcEndpoint client =
      new RpcEndpoint(transport, null, RpcOptions.DEFAULT, new Random(1));
  private final List<ServerProcess> running = new ArrayList<>();
  @TempDir Path folder;

  @BeforeAll
  static void watch() {
    BlockingCalls.watch();
  }

  @AfterEach
  void stop() {
    running.forEach(ServerProcess::close);
    loops.close();
    BlockingCalls.assertNone();
  }

  @Test
  void aCallThatBlocksALoopIsNoticed() throws Exception {
    startAll(List.of(freeAddress()), FsyncPolicy.EVERYSEC);
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    running
        .get(0)
        .node()
        .endpoint()
        .transport()
        .execute(
            () -> {
              LockSupport.parkNanos(1);
              blocked.complete(null);
            });
    blocked.get(10, TimeUnit.SECONDS);
    assertThat(BlockingCalls.foundAndForgotten()).isPositive();
  }

  /** Many more at once than dirty memory, log segments and files have room for. */
  @Test
  void writesThatOutrunTheStoreAreAllStoredAndBlockNoLoop() throws Exception {
    List<NodeAddress> addresses = List.of(freeAddress(), freeAddress());
    startAll(addresses, FsyncPolicy.ALWAYS);
    HashSpace space = newerThan(HashSpace.EMPTY, addresses);
    tell(space);
    List<CompletableFuture<ByteBuf>> results = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String key = "large-" + i;
      Message message = RecordClient.mutation(Operation.SET, key, "x".repeat(100_000));
      results.add(begin(coordinator(space, key), message));
    }
    call(addresses.get(0), new CompactStore());
    for (CompletableFuture<ByteBuf> result : results) {
      MutateStatus status = MutateResult.read(result.get(60, TimeUnit.SECONDS)).status();
      assertThat(status).isEqualTo(MutateStatus.STORED);
    }
    assertThat(
            running.stream()
                .mapToLong(server -> server.node().metrics().get(ServerMetric.STORE_BUSY))
                .sum())
        .isPositive();
  }

  @Test
  void threeServersKeepWhatTheyAcknowledgedOverACleanRestart() throws Exception {
    List<NodeAddress> addresses = List.of(freeAddress(), freeAddress(), freeAddress());
    HashSpace space = HashSpace.EMPTY;
    for (FsyncPolicy policy : List.of(FsyncPolicy.ALWAYS, FsyncPolicy.EVERYSEC)) {
      startAll(addresses, policy);
      space = newerThan(space, addresses);
      tell(space);
      for (int i = 0; i < 50; i++) {
        assertThat(set(space, policy + "-" + i)).isEqualTo(MutateStatus.STORED);
      }
      running.forEach(ServerProcess::close);
      running.clear();
    }
    startAll(addresses, FsyncPolicy.EVERYSEC);
    space = newerThan(space, addresses);
    tell(space);
    for (FsyncPolicy policy : List.of(FsyncPolicy.ALWAYS, FsyncPolicy.EVERYSEC)) {
      for (int i = 0; i < 50; i++) {
        String key = policy + "-" + i;
        ByteBuf result = call(coordinator(space, key), new ExtGet(rawKey(key)));
        assertThat(ExtGetResult.read(result).status()).isEqualTo(ExtGetResult.Status.FOUND);
      }
    }
  }

  @Test
  void aDamagedRecordIsFetchedFromAReplicaAndNeverServed() throws Exception {
    List<NodeAddress> addresses = List.of(freeAddress(), freeAddress(), freeAddress());
    startAll(addresses, FsyncPolicy.EVERYSEC);
    HashSpace space = newerThan(HashSpace.EMPTY, addresses);
    tell(space);
    for (int i = 0; i < 30; i++) {
      assertThat(set(space, "key-" + i)).isEqualTo(MutateStatus.STORED);
    }
    running.forEach(ServerProcess::close);
    running.clear();
    // Each server loses another ten of the thirty records, as coordinator of some.
    for (int i = 0; i < 30; i++) {
      damage(folder.resolve("store-" + i % 3), "key-" + i);
    }
    startAll(addresses, FsyncPolicy.EVERYSEC);
    space = newerThan(space, addresses);
    tell(space);
    for (int i = 0; i < 30; i++) {
      assertFound(space, "key-" + i);
    }
    HashSpace served = space;
    for (int i = 0; i < 30; i += 2) {
      assertThat(set(served, "key-" + i)).isEqualTo(MutateStatus.STORED);
    }
    await().until(() -> running.stream().allMatch(process -> process.node().isVerified()));
    running.forEach(ServerProcess::close);
    running.clear();
    for (int i = 0; i < 30; i++) {
      for (int server = 0; server < 3; server++) {
        assertHolds(addresses.get(server), folder.resolve("store-" + server), "key-" + i);
      }
    }
  }

  @Test
  void aServerCompactsWhenAskedAndTellsWhatItsStoreTakesUp() throws Exception {
    List<NodeAddress> addresses = List.of(freeAddress());
    startAll(addresses, FsyncPolicy.EVERYSEC);
    HashSpace space = newerThan(HashSpace.EMPTY, addresses);
    tell(space);
    assertThat(set(space, "key")).isEqualTo(MutateStatus.STORED);
    call(addresses.get(0), new CompactStore());
    await().until(() -> figures(addresses.get(0)).task().state() == StoreTask.DONE);
    StoreUsage figures = figures(addresses.get(0));
    assertThat(figures.task().name()).isEqualTo("compact");
    assertThat(figures.task().done()).isEqualTo(StoreOptions.small().shards());
    assertThat(figures.live()).isEqualTo(1);
    assertThat(figures.fileBytes()).isPositive();
    assertFound(space, "key");
  }

  private StoreUsage figures(NodeAddress server) throws Exception {
    return StoreUsage.read(call(server, new GetStoreUsage()));
  }

  private void assertFound(HashSpace space, String key) throws Exception {
    ByteBuf result = call(coordinator(space, key), new ExtGet(rawKey(key)));
    assertThat(ExtGetResult.read(result).status()).as(key).isEqualTo(ExtGetResult.Status.FOUND);
  }

  private static void assertHolds(NodeAddress node, Path store, String key) {
    try (Store opened = MapDbStore.open(store, node.toString(), StoreOptions.small())) {
      ByteBuf value = opened.get(rawKey(key));
      assertThat(value).as("%s of %s", key, node).isNotNull();
      value.release();
    }
  }

  /** Flips a bit of the record's ClockTime, which follows its key in the data file. */
  private static void damage(Path store, String key) throws IOException {
    byte[] rawKey = ByteBufUtil.getBytes(rawKey(key));
    int found = 0;
    for (int shard = 0; shard < StoreOptions.small().shards(); shard++) {
      Path file = store.resolve("records." + shard);
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < bytes.length - rawKey.length; i++) {
        if (Arrays.equals(bytes, i, i + rawKey.length, rawKey, 0, rawKey.length)) {
          bytes[i + rawKey.length] ^= 1;
          found++;
        }
      }
      Files.write(file, bytes);
    }
    assertThat(found).as(key).isPositive();
  }

  /** A process coordinates nothing by the hash spaces of the process before it. */
  private static HashSpace newerThan(HashSpace before, List<NodeAddress> addresses) {
    return space(before.clockTime() + 1, addresses.toArray(NodeAddress[]::new));
  }

  private MutateStatus set(HashSpace space, String key) throws Exception {
    Message message = RecordClient.mutation(Operation.SET, key, "value");
    return MutateResult.read(call(coordinator(space, key), message)).status();
  }

  private void startAll(List<NodeAddress> addresses, FsyncPolicy policy) throws IOException {
    for (int i = 0; i < addresses.size(); i++) {
      running.add(
          ServerProcess.start(
              ServerConfig.of(addresses.get(i), freeAddress(), List.of(NOBODY)),
              folder.resolve("store-" + i),
              StoreOptions.small().withFsync(policy),
              RpcOptions.DEFAULT));
    }
  }

  private void tell(HashSpace space) throws Exception {
    for (ServerProcess process : running) {
      CompletableFuture<Boolean> told = new CompletableFuture<>();
      ServerNode node = process.node();
      node.endpoint()
          .transport()
          .execute(
              () -> {
                boolean taken = node.spaces().offer(new HashSpaces(space, space));
                node.spaces().afterInstall(() -> told.complete(taken));
              });
      told.get(10, TimeUnit.SECONDS);
    }
  }

  private ByteBuf call(NodeAddress server, Message message) throws Exception {
    return begin(server, message).get(30, TimeUnit.SECONDS);
  }

  private CompletableFuture<ByteBuf> begin(NodeAddress server, Message message) {
    CompletableFuture<ByteBuf> result = new CompletableFuture<>();
    ReplyHandler handler =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf encoded) {
            result.complete(Unpooled.copiedBuffer(encoded));
          }

          @Override
          public void error(ErrorCode code, String detail) {
            result.completeExceptionally(new AssertionError(code + " " + detail));
          }
        };
    transport.execute(
        () -> client.peer(server).call(message, TimeUnit.SECONDS.toNanos(20), handler));
    return result;
  }

  private static NodeAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return NodeAddress.of(new byte[] {127, 0, 0, 1}, socket.getLocalPort());
    }
  }
}
