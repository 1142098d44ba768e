package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.repair.GetVerification;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.VerificationState.Defect;
import io.kumo.core.protocol.repair.VerificationState.Phase;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Between real servers, whose stores are changed behind their backs. */
class VerificationTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final int RECORDS = 2_000;
  private static final long MINUTE = 60_000;

  private final MemoryCluster cluster = new MemoryCluster();
  private final HashSpace four = space(1, A, B, C, D);
  private long clockTime = 1L << 32;

  VerificationTest() {
    cluster.startServers(4);
    for (int i = 0; i < RECORDS; i++) {
      clockTime++;
      for (NodeAddress replica : replicas("key" + i)) {
        put(replica, "key" + i, i % 10 == 9 ? null : "value");
      }
    }
    cluster.tell(four, four);
    cluster.run(Duration.ofMinutes(1));
  }

  private List<NodeAddress> replicas(String key) {
    return four.activeReplicas(RawKey.hash(rawKey(key)));
  }

  /** A tombstone when the value is null. */
  private void put(NodeAddress server, String key, @Nullable String value) {
    ByteBuf raw = Unpooled.buffer().writeLong(clockTime);
    if (value != null) {
      raw.writeShort(1).writeLong(0).writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }
    cluster.store(server).modify(rawKey(key), current -> raw);
  }

  /** Under the ClockTime that it has. */
  private void change(NodeAddress server, String key, String value) {
    clockTime = cluster.store(server).clockTime(rawKey(key));
    put(server, key, value);
  }

  private void remove(NodeAddress server, String key) {
    cluster.store(server).removeIf(rawKey(key), cluster.store(server).clockTime(rawKey(key)));
  }

  private List<VerificationState> verify(
      boolean repair, HashRange range, @Nullable NodeAddress only)
      throws MalformedMessageException {
    for (NodeAddress server : List.of(A, B, C, D)) {
      CallResult begun = cluster.call(server, new Verify(true, repair, 0, range, only));
      assertThat(begun.error()).isNull();
    }
    List<VerificationState> states = new ArrayList<>();
    for (NodeAddress server : List.of(A, B, C, D)) {
      states.add(ended(server));
    }
    return states;
  }

  private VerificationState ended(NodeAddress server) throws MalformedMessageException {
    for (long ms = 0; ms < MINUTE; ms += 100) {
      VerificationState state = state(server);
      if (state.phase() != Phase.RUNNING) {
        return state;
      }
      cluster.runMillis(100);
    }
    throw new AssertionError("it never ends");
  }

  private VerificationState state(NodeAddress server) throws MalformedMessageException {
    return VerificationState.read(cluster.call(server, new GetVerification()).result());
  }

  private static long count(List<VerificationState> states, Defect defect) {
    int index = List.of(Defect.values()).indexOf(defect);
    return states.stream().mapToLong(state -> state.counts().get(index)).sum();
  }

  @Test
  void whatDiffersIsCountedByKindAndNamedAndMended() throws Exception {
    change(replicas("key1").get(1), "key1", "valuf");
    change(replicas("key2").get(0), "key2", "other bytes");
    remove(replicas("key3").get(2), "key3");
    remove(replicas("key4").get(0), "key4");
    remove(replicas("key9").get(1), "key9");
    clockTime = 1L << 31;
    put(replicas("key5").get(2), "key5", "of long ago");

    List<VerificationState> found = verify(false, HashRange.ALL, null);
    assertThat(found).extracting(VerificationState::phase).containsOnly(Phase.DONE);
    assertThat(found.stream().mapToLong(VerificationState::records).sum())
        .as("without key4")
        .isEqualTo(RECORDS - 1);
    assertThat(count(found, Defect.MISSING)).isEqualTo(3);
    assertThat(count(found, Defect.OLDER)).isEqualTo(1);
    assertThat(count(found, Defect.OTHER_BYTES)).isBetween(2L, 4L);
    assertThat(found.stream().flatMap(state -> state.findings().stream()))
        .anySatisfy(
            finding -> {
              assertThat(finding.rawKey()).isEqualTo(rawKey("key3"));
              assertThat(finding.server()).isEqualTo(replicas("key3").get(2));
              assertThat(finding.defect()).isEqualTo(Defect.MISSING);
            });

    List<VerificationState> mended = verify(true, HashRange.ALL, null);
    assertThat(mended.stream().mapToLong(VerificationState::mended).sum())
        .isGreaterThanOrEqualTo(6);
    for (VerificationState state : verify(false, HashRange.ALL, null)) {
      assertThat(state.phase()).isEqualTo(Phase.DONE);
      assertThat(state.differing()).isZero();
      assertThat(state.compared()).isEqualTo(state.copies());
    }
    assertThat(replicas("key9"))
        .allMatch(server -> cluster.store(server).clockTime(rawKey("key9")) != 0);
  }

  @Test
  void aServerIsRebuiltFromTheOthers() throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      remove(B, "key" + i);
    }
    assertThat(cluster.store(B).liveCount()).isZero();
    verify(true, HashRange.ALL, B);
    for (VerificationState state : verify(false, HashRange.ALL, null)) {
      assertThat(state.differing()).isZero();
    }
    assertThat(cluster.store(B).liveCount()).isPositive();
  }

  @Test
  void onlyTheRangeIsLookedAtAndOnlyOneRuns() throws Exception {
    long hash = RawKey.hash(rawKey("key3"));
    remove(replicas("key3").get(2), "key3");
    List<VerificationState> there = verify(false, new HashRange(hash, hash), null);
    assertThat(there.stream().mapToLong(VerificationState::records).sum()).isEqualTo(1);
    assertThat(count(there, Defect.MISSING)).isEqualTo(1);
    HashRange other = new HashRange(hash + 1, hash + 1);
    assertThat(count(verify(false, other, null), Defect.MISSING)).isZero();

    Verify slow = new Verify(true, false, 1, HashRange.ALL, null);
    cluster.call(A, slow);
    assertThat(cluster.ask(A, slow)).contains("under way");
    cluster.call(A, Verify.STOP);
    assertThat(state(A).phase()).isEqualTo(Phase.STOPPED);
  }

  @Test
  void aChangeOfTheHashSpacesEndsIt() throws Exception {
    cluster.call(A, new Verify(true, false, 1, HashRange.ALL, null));
    cluster.kill(D);
    HashSpace without = four.withFault(D, 2);
    cluster.tell(without, without);
    assertThat(ended(A).phase()).isEqualTo(Phase.FAILED);
    assertThat(state(A).detail()).contains("changed meanwhile");
  }
}
