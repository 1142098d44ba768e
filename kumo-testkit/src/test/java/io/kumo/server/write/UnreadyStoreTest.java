package io.kumo.server.write;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.change.OriginalChange;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A store that is busy, full or slow to sync, under the coordinator and under the hash spaces. */
class UnreadyStoreTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);

  /** Does what the test says. */
  private static final class UnreadyStore extends MemoryStore {
    private final Queue<SyncListener> unsynced = new ArrayDeque<>();
    private final Queue<Runnable> unsaved = new ArrayDeque<>();
    private int busy;
    private boolean syncs = true;
    private boolean full;

    @Override
    public WriteResult update(ByteBuf rawKey, ByteBuf rawValue, long gateway, long sequence) {
      if (busy > 0) {
        busy--;
        throw new StoreException(StoreException.Code.BUSY, "busy");
      }
      return super.update(rawKey, rawValue, gateway, sequence);
    }

    @Override
    public @Nullable String fullness() {
      return full ? "full" : null;
    }

    @Override
    public void whenDurable(long position, Executor executor, SyncListener listener) {
      if (syncs) {
        listener.synced(null);
      } else {
        unsynced.add(listener);
      }
    }
  }

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(A);
  private final UnreadyStore store = new UnreadyStore();
  private final ScriptedReplicas replicas = new ScriptedReplicas();
  private final ServerMetrics metrics = new ServerMetrics();
  private final ViewHolder spaces = new ViewHolder(A, PublishedSpaces.EMPTY);
  private final WriteContext.Bookkeeping books =
      WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0);
  private final Coordinator coordinator =
      new Coordinator(
          new WriteContext(
              spaces,
              store,
              new HybridClock(host.time()),
              replicas,
              host,
              WriteLimits.defaults(),
              books),
          KeyGate.OPEN);
  private final ByteBuf key;

  UnreadyStoreTest() {
    spaces.dispatchTo(
        (now, continuous) -> {
          books.coverage().viewInstalled(now, continuous, host.time().nanoTime());
          coordinator.viewInstalled(continuous);
        });
    spaces.offer(view(1), "the manager");
    key = key();
  }

  private static HashSpace space(long seconds, NodeAddress... nodes) {
    List<Node> all = Stream.of(nodes).map(node -> new Node(node, true)).toList();
    return HashSpace.of(all, seconds << 32);
  }

  private static PublishedSpaces view(long seconds, NodeAddress... nodes) {
    HashSpace space = space(seconds, nodes.length == 0 ? new NodeAddress[] {A, B, C} : nodes);
    return new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE);
  }

  /** One that A coordinates, with D as a replica when it has joined. */
  private static ByteBuf key() {
    HashSpace joined = space(2, A, B, C, D);
    for (long hash = 1; ; hash += Long.MAX_VALUE / 1000) {
      if (A.equals(space(1, A, B, C).coordinator(hash))
          && A.equals(joined.coordinator(hash))
          && joined.activeReplicas(hash).contains(D)) {
        return Unpooled.buffer().writeLong(hash).writeByte('k');
      }
    }
  }

  private RecordedReply set(RequestId id, boolean repeated) {
    RecordedReply reply = new RecordedReply();
    ByteBuf value = Unpooled.buffer().writeLong(0).writeShort(0).writeByte('v');
    coordinator.submit(
        new WriteRequest(key, 20, OriginalChange.set(value), id, repeated, false, reply));
    return reply;
  }

  private void runFor(long ms) {
    network.events().runFor(Duration.ofMillis(ms).toNanos());
  }

  @Test
  void aWriteThatFindsTheStoreBusyIsStoredWhenItIsReadyAgain() {
    store.busy = 5;
    RecordedReply reply = set(RequestId.NONE, false);
    replicas.storeAll();
    assertThat(reply.answered()).isFalse();
    runFor(100);
    assertThat(reply.stored()).isTrue();
    assertThat(metrics.get(ServerMetric.STORE_BUSY)).isEqualTo(5);
  }

  @Test
  void aStoreThatStaysBusyCostsTheWriteItsDeadlineAndNothingElse() {
    store.busy = Integer.MAX_VALUE;
    RecordedReply reply = set(RequestId.NONE, false);
    replicas.storeAll();
    runFor(15_000);
    assertThat(reply.unknown).isNotNull();
    assertThat(coordinator.pendingCount()).isZero();
  }

  @Test
  void aReplicaThatJoinsWhileTheStoreIsBusyGetsTheWriteToo() {
    store.busy = 1;
    RecordedReply reply = set(RequestId.NONE, false);
    replicas.storeAll();
    spaces.offer(view(2, A, B, C, D), "the manager");
    runFor(100);
    assertThat(reply.answered()).isFalse();
    replicas.storeAll();
    assertThat(reply.stored()).isTrue();
  }

  @Test
  void aFullDiskIsNamedAtOnceAndNobodyIsAskedToStore() {
    store.full = true;
    RecordedReply reply = set(RequestId.NONE, false);
    assertThat(reply.unknown).isEqualTo("disk full on " + A);
    assertThat(replicas.calls).isEmpty();
    assertThat(metrics.get(ServerMetric.DISK_FULL_REFUSALS)).isOne();
  }

  @Test
  void aFullDiskOfAReplicaIsNamedAtOnce() {
    RecordedReply reply = set(RequestId.NONE, false);
    replicas.take(B).reply().full("disk full on 10.0.0.2:19800");
    assertThat(reply.unknown).isEqualTo("disk full on 10.0.0.2:19800");
  }

  @Test
  void aRepeatedRequestThatWasAppliedIsAnsweredOnceItIsSynced() {
    store.syncs = false;
    RequestId id = new RequestId(7, 1);
    RecordedReply first = set(id, false);
    replicas.storeAll();
    RecordedReply repeated = set(id, true);
    assertThat(first.answered()).isFalse();
    assertThat(repeated.answered()).isFalse();
    List.copyOf(store.unsynced).forEach(listener -> listener.synced(null));
    assertThat(first.stored()).isTrue();
    assertThat(repeated.stored()).isTrue();
  }

  @Test
  void aRepeatedRequestThatIsNeverSyncedIsAnsweredAtItsDeadline() {
    store.syncs = false;
    RequestId id = new RequestId(7, 1);
    set(id, false);
    replicas.storeAll();
    RecordedReply repeated = set(id, true);
    runFor(15_000);
    assertThat(repeated.unknown).isNotNull();
  }

  @Test
  void newHashSpacesCountAndAreConfirmedOnlyWhenTheyAreDurable() {
    List<Integer> confirmed = new ArrayList<>();
    spaces.persistWith((view, durable) -> store.unsaved.add(durable));
    HashSpaces before = spaces.current();
    assertThat(spaces.offer(view(2))).isTrue();
    spaces.afterInstall(() -> confirmed.add(2));
    assertThat(spaces.offer(view(3))).isTrue();
    spaces.afterInstall(() -> confirmed.add(3));
    assertThat(spaces.offer(view(2))).as("older than what is taken").isFalse();
    assertThat(spaces.current()).isEqualTo(before);
    assertThat(confirmed).isEmpty();

    store.unsaved.remove().run();
    assertThat(spaces.current()).isEqualTo(view(2).spaces());
    assertThat(confirmed).containsExactly(2);
    store.unsaved.remove().run();
    assertThat(spaces.current()).isEqualTo(view(3).spaces());
    assertThat(confirmed).containsExactly(2, 3);
  }

  @Test
  void aDiskThatKeepsHashSpacesWaitingHoldsNoMoreThanAFewOfThem() {
    List<Long> seen = new ArrayList<>();
    spaces.dispatchTo((now, continuous) -> seen.add(now.write().clockTime() >>> 32));
    spaces.persistWith((view, durable) -> store.unsaved.add(durable));
    for (int i = 2; i < 100; i++) {
      spaces.offer(view(i));
    }
    store.unsaved.forEach(Runnable::run);
    assertThat(spaces.current()).isEqualTo(view(99).spaces());
    assertThat(seen).hasSizeLessThanOrEqualTo(16).isSorted().endsWith(99L);
  }
}
