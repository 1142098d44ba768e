package io.kumo.server.repair.digest;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.RangeDigest;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.replica.DigestReply;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.kumo.server.transfer.BackgroundThrottle;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ScriptedReplicas;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestComparisonTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OTHER = serverAddress(2);
  private static final long OLD = 1L << 32;
  private static final long NEW = 2L << 32;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final HashSpace space =
      HashSpace.of(List.of(new Node(SELF, true), new Node(OTHER, true)), 1);
  private Store mine = new MemoryStore();
  private Store theirs = new MemoryStore();
  private final Other other = new Other();
  private long answerNs = Long.MAX_VALUE;
  private final Found found = new Found();

  /** The other server: a store of its own, asked over the bytes of the wire. */
  private final class Other extends ScriptedReplicas {
    int questions;
    long bytes;

    @Override
    public void digest(
        NodeAddress server, DigestRanges message, long timeoutNs, DigestReply reply) {
      ByteBuf wire = Unpooled.buffer();
      message.encode(wire);
      questions++;
      bytes += wire.readableBytes();
      DigestRanges asked = read(wire);
      source(theirs).digest(asked.ranges(), asked.depth(), answerNs, new Answer(reply));
    }

    private DigestRanges read(ByteBuf wire) {
      try {
        return DigestRanges.decode(wire);
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }

    private final class Answer implements RangeDigester.Digested {
      private final DigestReply reply;

      Answer(DigestReply reply) {
        this.reply = reply;
      }

      @Override
      public void digested(List<RangeDigest> digests, boolean cut, long nextHash) {
        ByteBuf wire = Unpooled.buffer();
        new DigestList(digests, cut, nextHash, null).write(wire);
        bytes += wire.readableBytes();
        host.execute(() -> reply.digested(list(wire)));
      }

      private static DigestList list(ByteBuf wire) {
        try {
          return DigestList.read(wire);
        } catch (MalformedMessageException e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void failed(StoreException e) {
        reply.failed(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Asks on and on. */
  private static final class Found implements DigestComparison.Listener {
    final List<HashRange> ranges = new ArrayList<>();
    DigestComparison comparison;
    boolean compared;

    @Override
    public void differs(HashRange range) {
      ranges.add(range);
      comparison.next(this);
    }

    @Override
    public void compared() {
      compared = true;
    }

    @Override
    public void refused(PublishedSpaces theirs) {
      throw new AssertionError("refused");
    }

    @Override
    public void unsupported() {
      throw new AssertionError("unsupported");
    }

    @Override
    public void failed(String reason) {
      throw new AssertionError(reason);
    }
  }

  @Test
  void equalRecordsCostTwoKilobytesHoweverManyTheyAre() {
    fill(mine, 100_000, OLD);
    fill(theirs, 100_000, OLD);

    compare(DigestDepth.KEYS);

    assertThat(found.ranges).isEmpty();
    assertThat(found.comparison.equalRecords()).isBetween(30_000L, 70_000L);
    assertThat(other.bytes).isLessThan(6_000);
    assertThat(other.questions).isLessThanOrEqualTo(2);
  }

  @Test
  void whatDiffersIsFoundInRangesOfFewRecords() {
    fill(mine, 100_000, OLD);
    fill(theirs, 100_000, OLD);
    List<ByteBuf> changed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      changed.add(put(theirs, "key" + i * 7919, NEW));
    }
    changed.add(put(mine, "only here", OLD));
    changed.add(put(theirs, "only there", OLD));
    changed.removeIf(key -> !isCoordinated(RawKey.hash(key)));

    compare(DigestDepth.KEYS);

    assertThat(found.ranges).hasSize(changed.size());
    for (ByteBuf key : changed) {
      assertThat(found.ranges).anyMatch(range -> contains(range, RawKey.hash(key)));
    }
    long listed = found.ranges.stream().mapToLong(this::records).sum();
    assertThat(listed).isLessThanOrEqualTo((long) RangeWalk.FEW * changed.size());
    assertThat(other.bytes).isLessThan(6_000 + 1_000L * changed.size());
  }

  @Test
  void whereTheOtherHasNothingTheWholeRangeDiffersAtOnce() {
    fill(mine, 10_000, OLD);

    compare(DigestDepth.KEYS);

    assertThat(other.bytes).isLessThan(6_000);
    assertThat(found.ranges.stream().mapToLong(this::records).sum())
        .isEqualTo(10_000 - strangers());
  }

  @Test
  void anAnswerThatStopsAnywhereIsGoneOnFrom() {
    fill(mine, 20_000, OLD);
    fill(theirs, 20_000, OLD);
    ByteBuf changed = put(theirs, coordinatedName(), NEW);
    answerNs = 0;

    compare(DigestDepth.VALUES);

    assertThat(other.questions).isGreaterThan(30);
    assertThat(found.ranges).hasSize(1);
    assertThat(contains(found.ranges.get(0), RawKey.hash(changed))).isTrue();
  }

  @Test
  void otherBytesOfOneClockTimeAreFoundByTheValuesOnly() {
    fill(mine, 1_000, OLD);
    fill(theirs, 1_000, OLD);
    String name = coordinatedName();
    ByteBuf key = key(name);
    theirs.update(key, Unpooled.buffer().writeLong(OLD).writeShort(0).writeByte(9));

    compare(DigestDepth.KEYS);
    assertThat(found.ranges).isEmpty();

    compare(DigestDepth.VALUES);
    assertThat(found.ranges).hasSize(1);
    assertThat(contains(found.ranges.get(0), RawKey.hash(key))).isTrue();
  }

  @Test
  void leftoversCountOnlyWhereThereAreSome() {
    HashSpace alone = HashSpace.of(List.of(new Node(SELF, true), new Node(OTHER, false)), 1);
    fill(mine, 5_000, OLD);
    ByteBuf leftover = put(theirs, "leftover", NEW);
    List<HashRange> all = List.of(HashRange.ALL);
    DigestComparison.Subject subject =
        new DigestComparison.Subject(OTHER, alone, DigestDepth.KEYS, false, List.of(), all);

    compare(subject);

    assertThat(found.ranges).hasSize(1);
    assertThat(contains(found.ranges.get(0), RawKey.hash(leftover))).isTrue();
    assertThat(records(found.ranges.get(0))).isLessThanOrEqualTo(RangeWalk.FEW);
  }

  /** The figures of docs/internals/rebalance.md. */
  @Test
  @Tag("slow")
  void aMillionRecordsOnDiskCostKilobytes(@TempDir Path folder) {
    try (MapDbStore first = open(folder.resolve("1"));
        MapDbStore second = open(folder.resolve("2"))) {
      mine = first;
      theirs = second;
      fill(mine, 1_000_000, OLD);
      fill(theirs, 1_000_000, OLD);
      show("cold");
      assertThat(found.ranges).isEmpty();
      show("warm");
      assertThat(other.bytes).isLessThan(6_000);
      for (int i = 0; i < 20; i++) {
        put(theirs, "key" + i * 7919, NEW);
      }
      show("20 differ");
      assertThat(found.ranges).hasSizeBetween(3, 20);
      assertThat(other.bytes).isLessThan(30_000);
    }
  }

  private void show(String what) {
    other.bytes = 0;
    other.questions = 0;
    found.ranges.clear();
    long startNs = System.nanoTime();
    compare(DigestDepth.KEYS);
    System.out.printf(
        "%s: %d bytes in %d questions, %d ranges, %d differ, %d ms of both%n",
        what,
        other.bytes,
        other.questions,
        found.comparison.ranges(),
        found.ranges.size(),
        (System.nanoTime() - startNs) / 1_000_000);
  }

  private static MapDbStore open(Path path) {
    return MapDbStore.open(path, "127.0.0.1:19800", StoreOptions.defaults());
  }

  private RangeDigester.Source source(Store store) {
    return new RangeDigester.Source(
        host, store, new BackgroundThrottle(() -> 0, host.time().nanoTime()));
  }

  private void compare(DigestDepth depth) {
    DigestComparison.Subject all = DigestComparison.Subject.coordinated(space, SELF, OTHER);
    compare(
        new DigestComparison.Subject(OTHER, space, depth, false, all.shared(), all.leftovers()));
  }

  private void compare(DigestComparison.Subject subject) {
    ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
    spaces.offer(new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE));
    WriteContext context =
        new WriteContext(
            spaces,
            mine,
            new HybridClock(host.time()),
            other,
            host,
            WriteLimits.defaults(),
            WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> 0));
    found.compared = false;
    found.comparison = new DigestComparison(context, subject);
    host.execute(() -> found.comparison.next(found));
    network.events().runFor(Duration.ofMinutes(5).toNanos());
    assertThat(found.compared).isTrue();
  }

  private boolean isCoordinated(long hash) {
    return SELF.equals(space.coordinator(hash));
  }

  private long strangers() {
    long count = 0;
    for (int i = 0; i < 10_000; i++) {
      count += isCoordinated(RawKey.hash(key("key" + i))) ? 0 : 1;
    }
    return count;
  }

  private String coordinatedName() {
    int i = 0;
    while (!isCoordinated(RawKey.hash(key("key" + i)))) {
      i++;
    }
    return "key" + i;
  }

  private static boolean contains(HashRange range, long hash) {
    return Long.compareUnsigned(hash, range.from()) >= 0
        && Long.compareUnsigned(hash, range.to()) <= 0;
  }

  private long records(HashRange range) {
    long[] count = new long[1];
    host.execute(
        () ->
            source(mine)
                .digest(
                    List.of(range),
                    DigestDepth.KEYS,
                    Long.MAX_VALUE,
                    new RangeDigester.Digested() {
                      @Override
                      public void digested(List<RangeDigest> digests, boolean cut, long next) {
                        count[0] = digests.get(0).count();
                      }

                      @Override
                      public void failed(StoreException e) {
                        throw e;
                      }
                    }));
    network.events().runFor(1_000_000);
    return count[0];
  }

  private static void fill(Store store, int count, long clockTime) {
    for (int i = 0; i < count; i++) {
      put(store, "key" + i, clockTime);
    }
  }

  private static ByteBuf put(Store store, String name, long clockTime) {
    ByteBuf key = key(name);
    ByteBuf value = Unpooled.buffer().writeLong(clockTime).writeShort(0).writeZero(20);
    while (true) {
      try {
        store.update(key, value);
        return key;
      } catch (StoreException e) {
        assertThat(e.code()).isEqualTo(StoreException.Code.BUSY);
        Thread.onSpinWait();
      }
    }
  }

  private static ByteBuf key(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer().writeLong(KeyHash.of(bytes)).writeBytes(bytes);
  }
}
