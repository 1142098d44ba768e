package io.kumo.server.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server holds of keys whose newest record it asks for. */
class FailoverGateBoundsTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {10, 0, 0, 1}, 19800);
  private static final NodeAddress OTHER = NodeAddress.of(new byte[] {10, 0, 0, 2}, 19800);
  private static final int VALUE_BYTES = 1000;
  private static final int MAX_PENDING_BYTES = 20 * VALUE_BYTES;
  private static final int MAX_WAITING = 100_000;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final MemoryStore store = new MemoryStore();
  private final ServerMetrics metrics = new ServerMetrics();
  private final HashSpace space =
      HashSpace.of(List.of(new Node(SELF, true), new Node(OTHER, true)), 1);
  private final FailoverGate gate = gate();
  private int keys;
  private int waiting;
  private int failed;

  private final class Counted implements KeyGate.Waiter {
    Counted() {
      waiting++;
    }

    @Override
    public void opened() {
      throw new AssertionError("nobody answered");
    }

    @Override
    public void moved() {
      throw new AssertionError("nothing moved");
    }

    @Override
    public void failed(String reason) {
      waiting--;
      failed++;
    }
  }

  private FailoverGate gate() {
    ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
    spaces.offer(new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE));
    WriteLimits usual = WriteLimits.defaults();
    WriteLimits limits =
        new WriteLimits(
            usual.setRetries(),
            usual.deleteRetries(),
            usual.deadlineNs(),
            usual.callTimeoutNs(),
            usual.maxPending(),
            usual.maxPendingPerKey(),
            MAX_PENDING_BYTES,
            usual.minCopies());
    return new FailoverGate(
        new WriteContext(
            spaces,
            store,
            new HybridClock(host.time()),
            new ScriptedReplicas(),
            host,
            limits,
            WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0)));
  }

  @Test
  void valuesOfKeysThatAreFetchedAreBoundedInBytes() {
    for (int i = 0; i < 100; i++) {
      open(nextKey());
    }
    assertThat(waiting).isEqualTo(MAX_PENDING_BYTES / 2 / (2 * VALUE_BYTES) + 1);
    assertThat(failed).isEqualTo(100 - waiting);
    assertThat(metrics.get(ServerMetric.OVERLOADED)).isEqualTo(failed);

    network.events().runFor(Duration.ofSeconds(11).toNanos());
    assertThat(waiting).as("given up at their deadline").isZero();
    open(nextKey());
    assertThat(waiting).isEqualTo(1);
  }

  @Test
  void whoWaitsForKeysIsBoundedInNumber() {
    ByteBuf key = nextKey();
    for (int i = 0; i < MAX_WAITING + 10; i++) {
      open(key);
    }
    assertThat(waiting).isEqualTo(MAX_WAITING);
    assertThat(failed).isEqualTo(10);

    network.events().runFor(Duration.ofSeconds(11).toNanos());
    open(key);
    assertThat(waiting).isEqualTo(1);
  }

  private void open(ByteBuf key) {
    host.execute(() -> gate.open(RawKey.hash(key), key, new Counted()));
    network.events().runFor(1);
  }

  /** Of a record that is here and may be newer elsewhere. */
  private ByteBuf nextKey() {
    byte[] name;
    do {
      name = ("key" + keys++).getBytes(StandardCharsets.UTF_8);
    } while (!SELF.equals(space.coordinator(KeyHash.of(name))));
    ByteBuf key = Unpooled.buffer().writeLong(KeyHash.of(name)).writeBytes(name);
    store.update(key, Unpooled.buffer().writeLong(1L << 32).writeZero(VALUE_BYTES - Long.BYTES));
    return key;
  }
}
