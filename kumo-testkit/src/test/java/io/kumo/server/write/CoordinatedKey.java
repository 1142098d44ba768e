package io.kumo.server.write;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.change.Change;
import io.kumo.server.write.change.OriginalChange;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One key, and the server that coordinates it. */
abstract class CoordinatedKey {
  static final NodeAddress A = serverAddress(1);
  static final NodeAddress B = serverAddress(2);
  static final NodeAddress C = serverAddress(3);
  static final String VALUE = "value";

  final MemoryNetwork network = new MemoryNetwork();
  final MemoryHost host = network.start(A);

  /** How often the store was asked for a record. */
  int reads;

  final MemoryStore store =
      new MemoryStore() {
        @Override
        public @Nullable ByteBuf get(ByteBuf rawKey) {
          reads++;
          return super.get(rawKey);
        }
      };

  final ScriptedReplicas replicas = new ScriptedReplicas();
  final ServerMetrics metrics = new ServerMetrics();
  final HybridClock clock = new HybridClock(host.time());
  final ViewHolder spaces = new ViewHolder(A, PublishedSpaces.EMPTY);
  final WriteContext.Bookkeeping books =
      WriteContext.Bookkeeping.of(spaces, host.time(), metrics, () -> 0);

  final Coordinator coordinator =
      new Coordinator(
          new WriteContext(spaces, store, clock, replicas, host, WriteLimits.defaults(), books),
          KeyGate.OPEN);

  final ByteBuf key = keyOf(A);

  CoordinatedKey() {
    spaces.dispatchTo(
        (now, continuous) -> {
          books.coverage().viewInstalled(now, continuous, host.time().nanoTime());
          coordinator.viewInstalled(continuous);
        });
    told(steady(space(1, A, B, C)));
  }

  RecordedReply set(String value) {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.set(raw(value, 0)), reply);
    return reply;
  }

  RecordedReply compareAndSwap(String value, long expected) {
    RecordedReply reply = new RecordedReply();
    submit(key, OriginalChange.compareAndSwap(raw(value, expected)), reply);
    return reply;
  }

  void submit(ByteBuf rawKey, Change change, RecordedReply reply) {
    submit(rawKey, change, reply, false);
  }

  void submit(ByteBuf rawKey, Change change, RecordedReply reply, boolean early) {
    coordinator.submit(new WriteRequest(rawKey, 100, change, RequestId.NONE, false, early, reply));
  }

  @Nullable String read() {
    ByteBuf value = store.get(key);
    if (value == null) {
      return null;
    }
    try {
      return value.toString(10, value.readableBytes() - 10, StandardCharsets.UTF_8);
    } finally {
      value.release();
    }
  }

  static ByteBuf raw(String value, long clockTime) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeBytes(bytes);
  }

  static ByteBuf keyOf(NodeAddress coordinator) {
    HashSpace space = space(1, A, B, C);
    return keyWhose(hash -> coordinator.equals(space.coordinator(hash)));
  }

  static ByteBuf keyWhose(java.util.function.LongPredicate hash) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> ("key-" + i).getBytes(StandardCharsets.UTF_8))
        .filter(bytes -> hash.test(KeyHash.of(bytes)))
        .map(bytes -> Unpooled.buffer().writeLong(KeyHash.of(bytes)).writeBytes(bytes))
        .findFirst()
        .orElseThrow();
  }

  /** By the manager, which leaves nothing out. */
  void told(HashSpaces next) {
    spaces.offer(new PublishedSpaces(next, ClusterExtras.NONE), "the manager");
  }
}
