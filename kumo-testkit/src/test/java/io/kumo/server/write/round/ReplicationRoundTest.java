package io.kumo.server.write.round;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ScriptedReplicas;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicationRoundTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final long CLOCK_TIME = 5L << 32;
  private static final ByteBuf KEY = Unpooled.buffer().writeLong(42).writeByte('k');

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(A);
  private final Store store = new Store();
  private final ScriptedReplicas replicas = new ScriptedReplicas();
  private final ServerMetrics metrics = new ServerMetrics();
  private final HybridClock clock = new HybridClock(host.time());
  private final ViewHolder spaces = new ViewHolder(A, PublishedSpaces.EMPTY);
  private final WriteContext context =
      new WriteContext(
          spaces,
          store,
          clock,
          replicas,
          host,
          WriteLimits.withRetries(2, 4),
          WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0));
  private final Heard heard = new Heard();
  private final ReplicationRound round =
      new ReplicationRound(context, context.nowNs() + Duration.ofSeconds(10).toNanos(), heard);

  ReplicationRoundTest() {
    told(space(1, A, B, C));
  }

  /** Refuses when the test says. */
  private static final class Store extends MemoryStore {
    private StoreException.@Nullable Code refusal;

    @Override
    public WriteResult update(ByteBuf rawKey, ByteBuf rawValue, long gateway, long sequence) {
      if (refusal != null) {
        throw new StoreException(refusal, "refused");
      }
      return super.update(rawKey, rawValue, gateway, sequence);
    }
  }

  private static final class Heard implements RoundListener.Asker {
    final List<String> calls = new ArrayList<>();

    @Override
    public void answered(FetchResult result, boolean former) {
      calls.add((former ? "former " : "") + result.clockTime());
    }

    @Override
    public void allAnswered() {
      calls.add("all answered");
    }

    @Override
    public void committed(WriteResult result) {
      calls.add(result.stored() ? "committed" : "newer here");
    }

    @Override
    public void notCommitted(StoreException failure) {
      calls.add("not committed");
    }

    @Override
    public void overtaken(long clockTime) {
      calls.add("overtaken " + clockTime);
    }

    @Override
    public void failed(String reason) {
      calls.add(reason);
    }
  }

  @Test
  void aRecordIsStoredHereLast() {
    propagate();
    replicas.take(C).reply().stored();
    assertThat(store.clockTime(KEY)).isZero();
    replicas.take(B).reply().stored();
    assertThat(store.clockTime(KEY)).isEqualTo(CLOCK_TIME);
    assertThat(heard.calls).containsExactly("committed");
  }

  @Test
  void withoutOtherReplicasItIsCommittedAtOnceAndCountsAsUnsent() {
    told(space(2, A));
    propagate();
    assertThat(heard.calls).containsExactly("committed");
    assertThat(round.wasSent()).isFalse();
  }

  @Test
  void whoeverAsksHearsEachReplicaAndThenThatAllHaveAnswered() {
    ask(Set.of(D));
    answer(B, 3);
    answer(D, 4);
    assertThat(heard.calls).containsExactly("3", "former 4");
    answer(C, 0);
    assertThat(heard.calls).endsWith("0", "all answered");
    assertThat(replicas.calls).isEmpty();
    assertThat(round.wasSent()).isFalse();

    propagate();
    assertThat(replicas.calls)
        .extracting(ScriptedReplicas.Call::replica)
        .containsExactlyInAnyOrder(B, C);
    replicas.storeAll();
    assertThat(heard.calls).endsWith("committed");
  }

  @Test
  void aReplicaThatDoesNotAnswerIsAskedForAsLongAsTheRoundLasts() {
    ask(Set.of());
    for (int i = 0; i < 50; i++) {
      take(B).reply().failed("no connection");
      runFor(1_000);
    }
    assertThat(heard.calls).isEmpty();
    round.cancel();
    take(B).reply().failed("no connection");
    runFor(1_000);
    assertThat(replicas.fetches).extracting(ScriptedReplicas.FetchCall::replica).containsExactly(C);
  }

  @Test
  void aReplicaThatIsAskedAndRefusesIsAskedAgainAfterAPause() {
    ask(Set.of());
    take(B).reply().fetched(FetchResult.refused(PublishedSpaces.EMPTY));
    take(C).reply().unsupported();
    assertThat(replicas.fetches).isEmpty();
    runFor(1_000);
    answer(B, 0);
    assertThat(heard.calls).containsExactly("0", "all answered");
    assertThat(metrics.get(ServerMetric.FENCED)).isOne();
  }

  @Test
  void aReplicaThatCannotBeMadeToStoreItEndsTheRound() {
    propagate();
    for (int i = 0; i < 3; i++) {
      replicas.take(B).reply().failed("no connection");
      runFor(1_000);
    }
    assertThat(heard.calls).containsExactly(B + ": no connection");
    assertThat(metrics.get(ServerMetric.REPLICATION_FAILED)).isOne();
    replicas.take(C).reply().stored();
    assertThat(heard.calls).hasSize(1);
  }

  @Test
  void aNewerRecordOfAReplicaEndsTheRoundAndMovesTheClock() {
    propagate();
    long newer = clock.last() + 1000;
    replicas.take(B).reply().haveNewer(newer);
    assertThat(heard.calls).containsExactly("overtaken " + newer);
    assertThat(clock.last()).isGreaterThanOrEqualTo(newer);
    replicas.take(C).reply().haveNewer(newer + 1);
    assertThat(heard.calls).hasSize(1);
  }

  @Test
  void aChangeOfTheHashSpacesDropsWhoLeftAndCallsWhoCame() {
    propagate();
    told(space(2, A, B, D));
    round.update();
    assertThat(replicas.take(D).message().fence().whsClockTime()).isEqualTo(2);
    replicas.take(C).reply().failed("gone");
    replicas.take(B).reply().stored();
    assertThat(heard.calls).isEmpty();
  }

  @Test
  void whileTheStoreIsBusyAChangeOfTheHashSpacesCallsAllAgain() {
    store.refusal = StoreException.Code.BUSY;
    propagate();
    replicas.storeAll();
    runFor(10);
    assertThat(heard.calls).isEmpty();
    assertThat(metrics.get(ServerMetric.STORE_BUSY)).isGreaterThan(1);

    round.update();
    store.refusal = null;
    runFor(10);
    assertThat(store.clockTime(KEY)).isZero();
    replicas.storeAll();
    assertThat(heard.calls).containsExactly("committed");
  }

  @Test
  void aStoreThatRefusesForGoodEndsTheRound() {
    store.refusal = StoreException.Code.DISK_FULL;
    propagate();
    replicas.storeAll();
    assertThat(heard.calls).containsExactly("not committed");
  }

  @Test
  void aNewerRecordInTheStoreHereIsTold() {
    store.update(KEY, value(CLOCK_TIME + 1));
    propagate();
    replicas.storeAll();
    assertThat(heard.calls).containsExactly("newer here");
  }

  private void propagate() {
    round.propagate(new RoundPayload(KEY, value(CLOCK_TIME), RequestId.NONE, RequestHistory.NONE));
  }

  private void ask(Set<NodeAddress> former) {
    round.ask(new RoundQuestion(KEY, 0, 0), former, heard);
  }

  private void answer(NodeAddress replica, long clockTime) {
    take(replica).reply().fetched(FetchResult.nothingNewer(clockTime, RequestHistory.NONE));
  }

  private ScriptedReplicas.FetchCall take(NodeAddress replica) {
    return replicas.takeFetch(replica);
  }

  private void runFor(long ms) {
    network.events().runFor(Duration.ofMillis(ms).toNanos());
  }

  private void told(HashSpace space) {
    spaces.offer(
        new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE), "the manager");
  }

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte('v');
  }
}
