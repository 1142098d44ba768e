package io.kumo.server.rejoin;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.GetTombstoneWatermark;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.ReplicaState;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.round.WriteContext;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A server that comes back, and one owner of its keys that answers what it is asked. */
class RejoinTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OWNER = serverAddress(2);
  private static final ByteBuf OLD_KEY = Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
  private static final ByteBuf NEW_KEY = Unpooled.copiedBuffer(new byte[] {8, 7, 6, 5, 4, 3, 2, 1});
  private static final long OLD = ClockTime.of(100, 1);
  private static final long DROPPED = ClockTime.of(1000, 0);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final MemoryStore store = new MemoryStore();
  private final Watermarks watermarks = new Watermarks(store, 0);
  private final ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
  private final Queue<Runnable> setAside = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private long changes = 2000;

  private static ByteBuf value(long clockTime) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte('v');
  }

  private Rejoin rejoin() {
    WriteContext.Bookkeeping books =
        WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> 0);
    Rejoin rejoin =
        new Rejoin(
            Endpoints.of(host, Role.SERVER),
            host,
            spaces,
            new Rejoin.Before(
                store,
                watermarks,
                books,
                () -> ran.add("no key is recovered"),
                setAside::add,
                LifecycleRules.SOUND));
    spaces.dispatchTo((now, continuous) -> rejoin.viewInstalled(now));
    return rejoin;
  }

  private void ownerDropped(long until) {
    RpcEndpoint owner = Endpoints.of(network.start(OWNER), Role.SERVER);
    owner.handle(
        Method.GET_TOMBSTONE_WATERMARK,
        GetTombstoneWatermark.class,
        (message, caller, reply) -> reply.unsigned(until));
    try {
      owner.listen(OWNER);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HashSpace space(boolean self) {
    changes++;
    return HashSpace.of(
        List.of(new Node(SELF, self), new Node(OWNER, true)), ClockTime.of(changes, 0));
  }

  private void install(boolean written, boolean read) {
    HashSpaces next = new HashSpaces(space(written), space(read));
    host.enter(() -> spaces.offer(new PublishedSpaces(next, ClusterExtras.NONE)));
    run(1);
  }

  private void run(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  private ReplicaState state() {
    return spaces.lifecycle().state();
  }

  @Test
  void whoHasNothingFromBeforeAsksNobodyAndNotesWhenItBegan() {
    rejoin();
    host.setSkewMillis(Duration.ofDays(1).toMillis());
    install(true, false);
    assertThat(state()).isEqualTo(ReplicaState.CATCHING_UP);
    assertThat(watermarks.applied()).isNotZero();
  }

  @Test
  void recordsAreRemovedWhenTheirTombstonesMayBeGone() {
    store.update(OLD_KEY, value(OLD));
    ownerDropped(DROPPED);
    Rejoin rejoin = rejoin();
    install(true, false);
    assertThat(state()).isEqualTo(ReplicaState.WIPING);
    host.enter(() -> rejoin.whenMay(Right.RECEIVE, () -> ran.add("fetch")));
    assertThat(store.clockTime(OLD_KEY)).as("not before the copy").isEqualTo(OLD);
    store.update(NEW_KEY, value(OLD + 1));

    setAside.remove().run();
    run(1);
    assertThat(store.clockTime(OLD_KEY)).isZero();
    assertThat(store.clockTime(NEW_KEY)).as("not from before").isEqualTo(OLD + 1);
    assertThat(state()).isEqualTo(ReplicaState.CATCHING_UP);
    assertThat(ran).containsExactly("no key is recovered", "fetch");
  }

  /** It does not pass on what was deleted, and ends a connection on which it is asked about it. */
  @Test
  void recordsAreRemovedWhenAnOwnerIsAnOriginal() throws IOException {
    store.update(OLD_KEY, value(OLD));
    RpcEndpoint owner = Endpoints.of(network.start(OWNER), Role.SERVER, 0);
    List<String> asked = new ArrayList<>();
    owner.handle(
        Method.GET_TOMBSTONE_WATERMARK,
        GetTombstoneWatermark.class,
        (message, caller, reply) -> asked.add("what it does not know"));
    owner.listen(OWNER);
    rejoin();
    install(true, false);
    run(5);
    assertThat(state()).isEqualTo(ReplicaState.WIPING);
    assertThat(setAside).hasSize(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void recordsStayWhenNoTombstoneWasMissed() {
    store.update(OLD_KEY, value(OLD));
    ownerDropped(0);
    rejoin();
    install(true, false);
    assertThat(state()).isEqualTo(ReplicaState.CATCHING_UP);
    assertThat(setAside).isEmpty();
    assertThat(store.clockTime(OLD_KEY)).isEqualTo(OLD);
  }

  @Test
  void anOwnerIsAskedUntilItAnswers() {
    store.update(OLD_KEY, value(OLD));
    rejoin();
    install(true, false);
    run(20);
    assertThat(state()).isEqualTo(ReplicaState.UNVERIFIED);
    ownerDropped(0);
    run(20);
    assertThat(state()).isEqualTo(ReplicaState.CATCHING_UP);
  }

  @Test
  void aCopyThatEndsWhenTheServerIsFaultAgainRemovesNothing() {
    store.update(OLD_KEY, value(OLD));
    ownerDropped(DROPPED);
    rejoin();
    install(true, false);
    install(false, false);
    setAside.remove().run();
    run(1);
    assertThat(state()).isEqualTo(ReplicaState.DETACHED);
    assertThat(store.clockTime(OLD_KEY)).isEqualTo(OLD);
  }

  /** The second may be of records that the first copy has missed. */
  @Test
  void aSecondWipeWaitsForTheFirstAndMakesItsOwnCopy() {
    store.update(OLD_KEY, value(OLD));
    ownerDropped(DROPPED);
    rejoin();
    install(true, false);
    store.update(NEW_KEY, value(OLD + 1));
    install(false, false);
    install(true, false);
    assertThat(state()).isEqualTo(ReplicaState.WIPING);
    assertThat(setAside).hasSize(1);
    setAside.remove().run();
    run(1);
    assertThat(store.clockTime(OLD_KEY)).isEqualTo(OLD);
    assertThat(setAside).hasSize(1);
    setAside.remove().run();
    run(1);
    assertThat(store.clockTime(OLD_KEY)).isZero();
    assertThat(store.clockTime(NEW_KEY)).isZero();
    assertThat(state()).isEqualTo(ReplicaState.CATCHING_UP);
  }

  @Test
  void whatWaitsForOldRecordsGoesOnWhenAViewFindsThemGood() {
    store.update(OLD_KEY, value(OLD));
    Rejoin rejoin = rejoin();
    install(true, false);
    host.enter(() -> rejoin.whenMay(Right.OFFER, () -> ran.add("copy")));
    assertThat(ran).isEmpty();
    install(true, true);
    assertThat(ran).containsExactly("copy");
    host.enter(() -> rejoin.whenMay(Right.OFFER, () -> ran.add("another")));
    assertThat(ran).containsExactly("copy", "another");
  }

  @Test
  void whatWaitsToBeNamedDoesNotGoOnByAViewForTheProcessBefore() {
    store.update(OLD_KEY, value(OLD));
    Rejoin rejoin = rejoin();
    host.enter(() -> spaces.waitUntilNamed(7));
    host.enter(() -> spaces.offer(named(6)));
    host.enter(() -> rejoin.whenMay(Right.OFFER, () -> ran.add("copy")));
    host.enter(() -> spaces.offer(named(6)));
    assertThat(state()).isEqualTo(ReplicaState.SERVING);
    assertThat(ran).isEmpty();
    host.enter(() -> spaces.offer(named(7)));
    assertThat(ran).containsExactly("copy");
  }

  private PublishedSpaces named(long incarnation) {
    NodeExtras extras = new NodeExtras(SELF, 0, incarnation);
    HashSpace both = space(true);
    return new PublishedSpaces(
        new HashSpaces(both, both), new ClusterExtras(List.of(extras), 0, 0));
  }
}
