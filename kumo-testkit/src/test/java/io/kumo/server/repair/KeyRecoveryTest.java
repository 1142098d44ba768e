package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.ScriptedReplicas;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyRecoveryTest {
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final long DROPPED = 8L << 32;
  private static final long OLD = 5L << 32;
  private static final long NEW = 9L << 32;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryStore store = new MemoryStore();
  private final ScriptedReplicas replicas = new ScriptedReplicas();
  private final HashSpace three = space(1, serverAddress(1), B, C);
  private final ByteBuf key = Unpooled.buffer().writeLong(42).writeByte('k');

  /** The key's coordinator, whichever of the three it is. */
  private final NodeAddress self = three.coordinator(42);

  private final MemoryHost host = network.start(self);
  private final HybridClock clock = new HybridClock(host.time());
  private final ViewHolder spaces = new ViewHolder(self, PublishedSpaces.EMPTY);
  private final WriteContext context =
      new WriteContext(
          spaces,
          store,
          clock,
          replicas,
          host,
          WriteLimits.defaults(),
          WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> DROPPED));
  private final List<String> heard = new ArrayList<>();
  private Set<NodeAddress> former = Set.of();
  private boolean beingWritten;
  private long held;

  KeyRecoveryTest() {
    told(three);
  }

  private final class Owner implements KeyRecovery.Owner {
    @Override
    public void ended(KeyRecovery recovery, boolean recovered) {
      heard.add(recovered ? "recovered" : "not recovered");
    }

    @Override
    public void holds(long change) {
      held += change;
    }

    @Override
    public Set<NodeAddress> formerReplicas(long hash) {
      return former;
    }

    @Override
    public boolean isBeingWritten(long hash) {
      return beingWritten;
    }
  }

  private final class Waiter implements KeyGate.Waiter {
    @Override
    public void opened() {
      heard.add("opened");
    }

    @Override
    public void moved() {
      heard.add("moved");
    }

    @Override
    public void failed(String reason) {
      heard.add(reason);
    }
  }

  @Test
  void equalReplicasAreAskedAndWrittenNothing() {
    put(OLD);
    recover(true);
    for (NodeAddress other : others()) {
      answer(other, FetchResult.nothingNewer(OLD, RequestHistory.NONE));
    }
    assertThat(heard).containsExactly("recovered", "opened");
    assertThat(replicas.calls).isEmpty();
    assertThat(held).isZero();
  }

  @Test
  void aNewerRecordOfOneReplicaGoesToAllAndHereLast() {
    put(OLD);
    recover(true);
    answer(others().get(0), FetchResult.value(NEW, value(NEW), RequestHistory.NONE));
    assertThat(held).isPositive();
    answer(others().get(1), FetchResult.nothingNewer(OLD, RequestHistory.NONE));
    assertThat(store.clockTime(key)).isEqualTo(OLD);
    assertThat(replicas.calls)
        .extracting(call -> call.message().clockTime())
        .containsExactly(NEW, NEW);
    replicas.storeAll();
    assertThat(store.clockTime(key)).isEqualTo(NEW);
    assertThat(heard).containsExactly("recovered", "opened");
    assertThat(held).isZero();
    assertThat(clock.last()).isGreaterThanOrEqualTo(NEW);
  }

  @Test
  void whatTheOthersRememberOfRequestsIsRememberedHereAtTheEndOnly() {
    RequestId id = new RequestId(7, 1);
    RequestHistory history = new RequestHistory(List.of(new AppliedRequest(id, NEW)), true);
    recover(true);
    answer(others().get(0), FetchResult.value(NEW, value(NEW), history));
    answer(others().get(1), FetchResult.nothingNewer(0, RequestHistory.NONE));
    assertThat(context.books().requests().lookUp(id)).isEqualTo(RequestIds.Knowledge.NEW);
    replicas.storeAll();
    assertThat(context.books().requests().lookUp(id)).isNotEqualTo(RequestIds.Knowledge.NEW);
  }

  @Test
  void aFormerReplicaIsAskedAsLongAsItIsActive() {
    NodeAddress last = others().get(1);
    former = Set.of(D, last);
    told(three.withFault(last, 2));
    recover(true);
    assertThat(replicas.fetches)
        .extracting(ScriptedReplicas.FetchCall::replica)
        .containsExactly(others().get(0));
  }

  @Test
  void aRecordAsOldAsDroppedTombstonesIsDeletedOnceMore() {
    recover(true);
    answer(others().get(0), FetchResult.value(OLD, value(OLD), RequestHistory.NONE));
    answer(others().get(1), FetchResult.nothingNewer(0, RequestHistory.NONE));
    replicas.storeAll();
    assertThat(ClockTime.isNewer(store.clockTime(key), OLD)).isTrue();
    assertThat(store.tombstoneCount()).isOne();
  }

  @Test
  void unlessAnotherCoordinatedTheKeyMeanwhile() {
    assertAdopted(false);
  }

  @Test
  void orTheKeyIsBeingWritten() {
    beingWritten = true;
    assertAdopted(true);
  }

  private void assertAdopted(boolean unbroken) {
    recover(unbroken);
    answer(others().get(0), FetchResult.value(OLD, value(OLD), RequestHistory.NONE));
    answer(others().get(1), FetchResult.nothingNewer(0, RequestHistory.NONE));
    replicas.storeAll();
    assertThat(store.clockTime(key)).isEqualTo(OLD);
    assertThat(store.tombstoneCount()).isZero();
  }

  @Test
  void aRecordThatComesInMeanwhileStartsItAnew() {
    recover(true);
    answer(others().get(0), FetchResult.nothingNewer(0, RequestHistory.NONE));
    put(NEW);
    answer(others().get(1), FetchResult.nothingNewer(0, RequestHistory.NONE));
    assertThat(heard).isEmpty();
    assertThat(replicas.fetches)
        .extracting(call -> call.message().clockTime())
        .containsExactly(NEW, NEW);
  }

  @Test
  void aReplicaWithANewerRecordStartsItAnew() {
    put(OLD);
    recover(true);
    for (NodeAddress other : others()) {
      answer(other, FetchResult.nothingNewer(0, RequestHistory.NONE));
    }
    replicas.take(others().get(0)).reply().haveNewer(NEW);
    assertThat(heard).isEmpty();
    assertThat(replicas.fetches).hasSize(2);
  }

  @Test
  void aChangeOfTheHashSpacesAsksAnew() {
    KeyRecovery recovery = recover(true);
    ScriptedReplicas.FetchCall late = replicas.takeFetch(others().get(0));
    told(three.withClockTime(2));
    recovery.startAnew();
    late.reply().fetched(FetchResult.nothingNewer(0, RequestHistory.NONE));
    answer(others().get(1), FetchResult.nothingNewer(0, RequestHistory.NONE));
    assertThat(heard).isEmpty();
  }

  @Test
  void whoCoordinatesTheKeyNoLongerLeavesItToTheNext() {
    KeyRecovery recovery = recover(true);
    told(three.withFault(self, 2));
    recovery.startAnew();
    assertThat(heard).containsExactly("not recovered", "moved");
  }

  @Test
  void withoutAnAnswerItFailsAtItsDeadline() {
    recover(true);
    network.events().runFor(Duration.ofSeconds(11).toNanos());
    assertThat(heard).containsExactly("not recovered", "no answer from the replicas");
    assertThat(held).isZero();
  }

  private KeyRecovery recover(boolean unbroken) {
    KeyRecovery recovery = new KeyRecovery(context, key, unbroken, new Owner());
    recovery.add(new Waiter());
    recovery.start();
    return recovery;
  }

  private List<NodeAddress> others() {
    return three.activeReplicas(42).stream().filter(node -> !node.equals(self)).toList();
  }

  private void answer(NodeAddress replica, FetchResult result) {
    replicas.takeFetch(replica).reply().fetched(result);
  }

  private void put(long clockTime) {
    store.update(key, value(clockTime));
  }

  private void told(HashSpace space) {
    spaces.offer(
        new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE), "the manager");
  }

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte('v');
  }
}
