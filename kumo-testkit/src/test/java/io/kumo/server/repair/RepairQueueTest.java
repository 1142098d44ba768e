package io.kumo.server.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
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
import org.junit.jupiter.api.Test;

class RepairQueueTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {10, 0, 0, 1}, 19800);
  private static final NodeAddress OTHER = NodeAddress.of(new byte[] {10, 0, 0, 2}, 19800);
  private static final int AT_ONCE = 8;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final ServerMetrics metrics = new ServerMetrics();
  private final HashSpace alone = HashSpace.of(List.of(new Node(SELF, true)), 1);
  private final UnverifiedRanges unverified = new UnverifiedRanges(SELF, alone);
  private final ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
  private final ClosedGate gate = new ClosedGate();
  private final RepairQueue queue;

  RepairQueueTest() {
    spaces.offer(new PublishedSpaces(new HashSpaces(alone, alone), ClusterExtras.NONE));
    unverified.allVerified();
    queue =
        new RepairQueue(
            new WriteContext(
                spaces,
                new MemoryStore(),
                new HybridClock(host.time()),
                new ScriptedReplicas(),
                host,
                WriteLimits.defaults(),
                WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0)),
            unverified,
            gate);
  }

  /** Keeps who waits until the test lets them through. */
  private static final class ClosedGate implements KeyGate {
    final List<Long> asked = new ArrayList<>();
    final List<Waiter> waiters = new ArrayList<>();
    final List<ByteBuf> repairedAgain = new ArrayList<>();

    @Override
    public boolean isOpen(long hash, ByteBuf rawKey) {
      return false;
    }

    @Override
    public void open(long hash, ByteBuf rawKey, Waiter waiter) {
      asked.add(hash);
      waiters.add(waiter);
    }

    @Override
    public void repair(ByteBuf rawKey) {
      repairedAgain.add(rawKey);
    }

    @Override
    public void compare(ByteBuf rawKey) {}
  }

  @Test
  void aFewKeysAreRepairedAtATimeInTheirOrderAndTheRestFollow() {
    for (int i = 0; i < 3 * AT_ONCE; i++) {
      queue.add(key(i));
    }
    assertThat(gate.asked).isEmpty();
    runFor(600);
    assertThat(gate.asked).hasSize(AT_ONCE).startsWith(0L, 1L, 2L);
    runFor(5_000);
    assertThat(gate.asked).hasSize(AT_ONCE);

    gate.waiters.get(0).opened();
    gate.waiters.get(1).moved();
    runFor(10);
    assertThat(gate.asked).hasSize(AT_ONCE + 2);
    assertThat(metrics.get(ServerMetric.REPAIRED)).isOne();
  }

  @Test
  void aKeyWaitsOnce() {
    queue.add(key(1));
    queue.add(key(1));
    runFor(600);
    assertThat(gate.asked).containsExactly(1L);
  }

  @Test
  void aKeyThatIsVerifiedMeanwhileNeedsNoRepair() {
    unverified.add(1);
    unverified.add(2);
    queue.addUnverified(key(1));
    queue.addUnverified(key(2));
    unverified.verified(1);
    runFor(600);
    assertThat(gate.asked).containsExactly(2L);
  }

  @Test
  void aKeyThatAnotherCoordinatesIsLeftToIt() {
    queue.add(key(1));
    HashSpace other = HashSpace.of(List.of(new Node(OTHER, true)), 2);
    spaces.offer(new PublishedSpaces(new HashSpaces(other, other), ClusterExtras.NONE));
    runFor(600);
    assertThat(gate.asked).isEmpty();
  }

  @Test
  void aKeyThatCannotBeRepairedYetWaitsAgainAsLongAsItIsUnverified() {
    unverified.add(1);
    queue.addUnverified(key(1));
    queue.add(key(2));
    runFor(600);
    gate.waiters.forEach(waiter -> waiter.failed("no answer"));
    assertThat(gate.repairedAgain).containsExactly(key(1));
  }

  @Test
  void beyondItsBoundKeysAreLeftToWhoeverAsksForThem() {
    for (int i = 0; i < 10_010; i++) {
      queue.add(key(i));
    }
    assertThat(metrics.get(ServerMetric.REPAIR_DROPPED)).isEqualTo(10);
  }

  private void runFor(long ms) {
    network.events().runFor(Duration.ofMillis(ms).toNanos());
  }

  private static ByteBuf key(long hash) {
    return Unpooled.buffer().writeLong(hash).writeByte('k');
  }
}
