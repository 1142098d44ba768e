package io.kumo.server.snapshot;

import static io.kumo.core.protocol.snapshot.SnapshotStep.Step.CLOSE;
import static io.kumo.core.protocol.snapshot.SnapshotStep.Step.LOOK;
import static io.kumo.core.protocol.snapshot.SnapshotStep.Step.OPEN;
import static io.kumo.core.protocol.snapshot.SnapshotStep.Step.PAUSE;
import static io.kumo.core.protocol.snapshot.SnapshotStep.Step.RESUME;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.protocol.snapshot.SnapshotStep.Step;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.Rings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot of real servers, beside writes. */
class SnapshotHandlerTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final List<NodeAddress> ALL = List.of(A, B, C, D);
  private static final long ID = 77;
  private static final int KEYS = 300;

  private final MemoryCluster cluster = new MemoryCluster();
  private final HashSpace four = space(1, A, B, C, D);

  @BeforeEach
  void fill() throws MalformedMessageException {
    cluster.startServers(4);
    cluster.tell(four, four);
    cluster.run(Duration.ofMinutes(1));
    for (int i = 0; i < KEYS; i++) {
      set("key" + i, "old");
    }
    cluster.call(of("key0"), RecordClient.mutation(Operation.DELETE, "key0", ""));
  }

  private NodeAddress of(String key) {
    return Rings.coordinator(four, key);
  }

  private void set(String key, String value) throws MalformedMessageException {
    new RecordClient(cluster).mutate(of(key), Operation.SET, key, value);
  }

  private SnapshotState step(NodeAddress server, Step step, long number)
      throws MalformedMessageException {
    return SnapshotState.read(cluster.call(server, new SnapshotStep(step, ID, number)).result());
  }

  /** Of all servers; returns its ClockTime. */
  private long open() throws MalformedMessageException {
    long clockTime = 0;
    for (NodeAddress server : ALL) {
      clockTime = ClockTime.max(clockTime, step(server, PAUSE, 1000).clock());
    }
    for (NodeAddress server : ALL) {
      assertThat(step(server, OPEN, clockTime).paused()).isTrue();
    }
    for (NodeAddress server : ALL) {
      assertThat(step(server, RESUME, 0).paused()).isTrue();
    }
    return clockTime;
  }

  private void scan(
      NodeAddress server, List<NodeAddress> lost, long since, Map<String, String> found)
      throws MalformedMessageException {
    ByteBuf after = null;
    do {
      ScanSnapshot question = new ScanSnapshot(ID, lost, after, since);
      SnapshotPage page = SnapshotPage.read(cluster.call(server, question).result());
      for (SnapshotPage.Entry entry : page.records()) {
        String key = RawKey.userKey(entry.rawKey()).toString(StandardCharsets.UTF_8);
        boolean gone = Item.isTombstone(entry.rawValue());
        ByteBuf data = Item.data(entry.rawValue(), ItemLayout.KUMO);
        String value = gone ? "deleted" : data.toString(StandardCharsets.UTF_8);
        assertThat(found.put(key, value)).as("twice: " + key).isNull();
      }
      after = page.last();
    } while (after != null);
  }

  @Test
  void itShowsEachKeyOnceAsItWasWhateverIsWrittenSince() throws MalformedMessageException {
    open();
    for (int i = 0; i < KEYS; i += 2) {
      set("key" + i, "new");
      set("other" + i, "new");
      String next = "key" + (i + 1);
      cluster.call(of(next), RecordClient.mutation(Operation.DELETE, next, ""));
    }
    Map<String, String> found = new TreeMap<>();
    for (NodeAddress server : ALL) {
      scan(server, List.of(), 0, found);
    }
    assertThat(found).hasSize(KEYS - 1).doesNotContainKey("key0");
    assertThat(found.values()).containsOnly("old");
    assertThat(step(A, LOOK, 0).keptBytes()).isPositive();
    assertThat(step(A, CLOSE, 0).keptBytes()).isZero();
    assertThat(cluster.call(A, new ScanSnapshot(ID, List.of(), null, 0)).error()).isNotNull();
  }

  @Test
  void theNextReplicaGoesOnInPlaceOfOneThatIsGone() throws MalformedMessageException {
    open();
    cluster.kill(B);
    for (int i = 0; i < KEYS; i++) {
      cluster.send(of("key" + i), RecordClient.mutation(Operation.SET, "key" + i, "new"));
    }
    cluster.run(Duration.ofSeconds(30));
    Map<String, String> found = new TreeMap<>();
    for (NodeAddress server : List.of(A, C, D)) {
      scan(server, List.of(), 0, found);
    }
    assertThat(found.size()).isLessThan(KEYS - 1);
    for (NodeAddress server : List.of(A, C, D)) {
      scan(server, List.of(B), 0, found);
    }
    assertThat(found).hasSize(KEYS - 1);
    assertThat(found.values()).containsOnly("old");
  }

  @Test
  void sinceAnEarlierOneItShowsWhatWasDeletedToo() throws MalformedMessageException {
    long first = open();
    ALL.forEach(server -> cluster.call(server, new SnapshotStep(CLOSE, ID)));
    set("key7", "changed");
    cluster.call(of("key8"), RecordClient.mutation(Operation.DELETE, "key8", ""));
    open();
    Map<String, String> found = new TreeMap<>();
    for (NodeAddress server : ALL) {
      scan(server, List.of(), first, found);
    }
    assertThat(found).isEqualTo(Map.of("key7", "changed", "key8", "deleted"));
  }

  @Test
  void writesAreHeldUntilTheyAreResumedOrTheTimeIsOver() throws MalformedMessageException {
    NodeAddress server = of("held");
    step(server, PAUSE, 500);
    CallResult write = cluster.send(server, RecordClient.mutation(Operation.SET, "held", "x"));
    cluster.runMillis(400);
    assertThat(write.isDone()).isFalse();
    assertThat(cluster.store(server).clockTime(rawKey("held"))).isZero();
    cluster.runMillis(200);
    assertThat(write.result()).isNotNull();
    assertThat(step(server, RESUME, 0).paused()).as("it was too late").isFalse();
    assertThat(cluster.server(server).metrics().get(ServerMetric.WRITE_PAUSES_CUT)).isEqualTo(1);
    CallResult late = cluster.call(server, new SnapshotStep(OPEN, ID, 1L << 32));
    assertThat(late.toString()).contains("not held any more");
  }

  @Test
  void aWriteUnderWayEndsBeforeTheClockIsToldAndNoneIsForgotten() throws MalformedMessageException {
    NodeAddress server = of("slow");
    CallResult slow = cluster.send(server, RecordClient.mutation(Operation.SET, "slow", "x"));
    CallResult paused = cluster.send(server, new SnapshotStep(PAUSE, ID, 1000));
    while (!paused.isDone()) {
      cluster.runMillis(1);
    }
    long written = cluster.store(server).clockTime(rawKey("slow"));
    assertThat(slow.isDone()).isTrue();
    assertThat(SnapshotState.read(paused.result()).clock()).isGreaterThan(written);
  }

  @Test
  void anotherToolIsRefusedAndOneThatIsGoneIsForgotten() throws MalformedMessageException {
    open();
    CallResult other = cluster.call(A, new SnapshotStep(PAUSE, ID + 1, 100));
    assertThat(other.toString()).contains("another backup");
    cluster.run(Duration.ofMinutes(3));
    assertThat(cluster.server(A).metrics().get(ServerMetric.BACKUPS_FORGOTTEN)).isEqualTo(1);
    assertThat(cluster.server(A).metrics().get(ServerMetric.WRITE_PAUSES_CUT)).isZero();
    assertThat(cluster.call(A, new SnapshotStep(PAUSE, ID + 1, 100)).error()).isNull();
  }

  @Test
  void whileRecordsAreMovedThereIsNone() {
    cluster.tell(space(9, A, B, C), four);
    cluster.runMillis(10);
    CallResult refused = cluster.call(A, new SnapshotStep(PAUSE, ID, 100));
    assertThat(refused.toString()).contains("records are being moved");
  }
}
