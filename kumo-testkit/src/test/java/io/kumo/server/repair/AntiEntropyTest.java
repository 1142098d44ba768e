package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.replica.DigestReply;
import io.kumo.server.replica.FetchReply;
import io.kumo.server.replica.ListReply;
import io.kumo.server.replica.ReplicaCaller;
import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** With a server that knows no digests, so that all is compared key by key. */
class AntiEntropyTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OTHER = serverAddress(2);
  private static final int PAGE = 1024;
  private static final long OLD = 1L << 32;
  private static final long NEW = 2L << 32;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final MemoryStore mine = new MemoryStore();
  private final MemoryStore theirs = new MemoryStore();
  private final HashSpace space =
      HashSpace.of(List.of(new Node(SELF, true), new Node(OTHER, true)), 1);
  private final Replica replica = new Replica();
  private final Keys opened = new Keys();
  private final UnverifiedRanges unverified = new UnverifiedRanges(SELF, space);

  /** The other server: a store of its own, asked over the bytes of the wire. */
  private final class Replica implements ReplicaCaller {
    final List<Integer> listed = new ArrayList<>();

    @Override
    public void list(NodeAddress node, ListRecords message, long timeoutNs, ListReply reply) {
      ByteBuf wire = Unpooled.buffer();
      HashRange range = new HashRange(message.fromHash(), message.toHash());
      new RecordLister(theirs, 0).page(space, SELF, range).write(wire);
      host.execute(
          () -> {
            RecordList page = read(wire);
            listed.add(page.entries().size());
            reply.listed(page);
          });
    }

    @Override
    public void digest(
        NodeAddress server, DigestRanges message, long timeoutNs, DigestReply reply) {
      reply.unsupported();
    }

    private static RecordList read(ByteBuf wire) {
      try {
        return RecordList.read(wire);
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void replicate(
        NodeAddress node, ExtReplicate message, long timeoutNs, ReplicaReply reply) {
      reply.failed("not asked for");
    }

    @Override
    public void fetch(NodeAddress node, Fetch message, long timeoutNs, FetchReply reply) {
      reply.failed("not asked for");
    }

    @Override
    public void share(NodeAddress node, PublishedSpaces view) {}
  }

  /** Lets every key through, and keeps which. */
  private static final class Keys implements KeyGate {
    final Set<ByteBuf> keys = new HashSet<>();

    @Override
    public boolean isOpen(long hash, ByteBuf rawKey) {
      return true;
    }

    @Override
    public void open(long hash, ByteBuf rawKey, Waiter waiter) {
      keys.add(rawKey);
      waiter.opened();
    }

    @Override
    public void repair(ByteBuf rawKey) {}

    @Override
    public void compare(ByteBuf rawKey) {}
  }

  @Test
  void aReplicaThatHasNothingIsComparedAPageAtATime() {
    Set<ByteBuf> coordinated = fill(mine, 20 * PAGE, OLD);

    compareAll();

    assertThat(opened.keys).isEqualTo(coordinated);
    assertThat(replica.listed).hasSizeGreaterThanOrEqualTo(20).allMatch(size -> size == 0);
    assertThat(unverified.isEmpty()).isTrue();
  }

  @Test
  void aReplicaThatHasMoreThanAPageIsComparedAPageAtATime() {
    Set<ByteBuf> coordinated = fill(theirs, 20 * PAGE, OLD);

    compareAll();

    assertThat(opened.keys).isEqualTo(coordinated);
    assertThat(replica.listed).hasSizeGreaterThanOrEqualTo(20).allMatch(size -> size <= PAGE);
    assertThat(unverified.isEmpty()).isTrue();
  }

  @Test
  void ofManyKeysOnlyThoseThatDifferAreTakenOver() {
    fill(mine, 5 * PAGE, OLD);
    fill(theirs, 5 * PAGE, OLD);
    Set<ByteBuf> newer = fill(theirs, 100, NEW);
    newer.addAll(put(mine, "only here", OLD));
    newer.addAll(put(theirs, "only there", OLD));

    compareAll();

    assertThat(opened.keys).isEqualTo(newer);
    assertThat(unverified.isEmpty()).isTrue();
  }

  @Test
  void moreKeysOfOneHashThanAPageHoldsStayUnverified() {
    long hash = 1;
    while (!SELF.equals(space.coordinator(hash))) {
      hash = KeyHash.of(("hash" + hash).getBytes(StandardCharsets.UTF_8));
    }
    for (int i = 0; i < RecordList.MAX_ENTRIES + PAGE; i++) {
      mine.update(key(hash, "same" + i), Unpooled.copyLong(OLD));
    }

    compareAll();

    assertThat(opened.keys).hasSize(RecordList.MAX_ENTRIES);
    assertThat(unverified.isEmpty()).isFalse();
  }

  private void compareAll() {
    ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
    spaces.offer(new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE));
    WriteContext context =
        new WriteContext(
            spaces,
            mine,
            new HybridClock(host.time()),
            replica,
            host,
            WriteLimits.defaults(),
            WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> 0));
    host.execute(new AntiEntropy(context, unverified, opened)::restart);
    network.events().runFor(Duration.ofMinutes(1).toNanos());
  }

  /** Stores records and returns the keys of those that this server coordinates. */
  private Set<ByteBuf> fill(MemoryStore store, int count, long clockTime) {
    Set<ByteBuf> coordinated = new HashSet<>();
    for (int i = 0; i < count; i++) {
      coordinated.addAll(put(store, "key" + i, clockTime));
    }
    return coordinated;
  }

  private Set<ByteBuf> put(MemoryStore store, String name, long clockTime) {
    long hash = KeyHash.of(name.getBytes(StandardCharsets.UTF_8));
    ByteBuf key = key(hash, name);
    store.update(key, Unpooled.copyLong(clockTime));
    return SELF.equals(space.coordinator(hash)) ? Set.of(key) : Set.of();
  }

  private static ByteBuf key(long hash, String name) {
    return Unpooled.buffer()
        .writeLong(hash)
        .writeBytes(name.getBytes(StandardCharsets.UTF_8))
        .asReadOnly();
  }
}
