package io.kumo.server.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DedupCoverageTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final long KEEP = 100;
  private static final long KEY = 7;

  private final DedupCoverage coverage = new DedupCoverage(A, steady(1, A, B), KEEP, 0);

  @Test
  void aNewProcessKnowsAllOnlyAfterAWhile() {
    assertThat(coverage.isWhole(KEY, 99)).isFalse();
    assertThat(coverage.isWhole(KEY, 100)).isTrue();
  }

  @Test
  void aReplicaThatKnowsAllMakesItWhole() {
    coverage.completed(KEY, 10);
    assertThat(coverage.isWhole(KEY, 11)).isTrue();
    assertThat(coverage.isWhole(KEY + 1, 11)).isFalse();
  }

  @Test
  void aRecordThatCameWithoutItsRequestsCutsIt() {
    coverage.completed(KEY, 10);
    coverage.cut(KEY, 1_000);
    assertThat(coverage.isWhole(KEY, 1_099)).isFalse();
    assertThat(coverage.isWhole(KEY + 1, 1_099)).isTrue();
    assertThat(coverage.isWhole(KEY, 1_100)).isTrue();
  }

  @Test
  void manyCutsCutAll() {
    for (long key = 0; key <= 1 << 16; key++) {
      coverage.cut(key, 1_000);
    }
    assertThat(coverage.isWhole(-1, 1_099)).isFalse();
  }

  @Test
  void whoWasNoReplicaForAWhileKnowsNotAll() {
    coverage.viewInstalled(steady(2, B), true, 1_000);
    assertThat(coverage.isWhole(KEY, 1_010)).isFalse();
    coverage.viewInstalled(steady(3, A, B), true, 1_050);
    assertThat(coverage.isWhole(KEY, 1_149)).isFalse();
    assertThat(coverage.isWhole(KEY, 1_150)).isTrue();
  }

  @Test
  void aChangeAfterWhichItIsStillAReplicaCutsNothing() {
    coverage.viewInstalled(steady(2, A), true, 1_000);
    assertThat(coverage.isWhole(KEY, 1_001)).isTrue();
  }

  @Test
  void aGapInWhatWasHeardCutsAll() {
    coverage.viewInstalled(steady(2, A, B), false, 1_000);
    assertThat(coverage.isWhole(KEY, 1_099)).isFalse();
    assertThat(coverage.isWhole(KEY, 1_100)).isTrue();
  }

  private static HashSpaces steady(long clockTime, NodeAddress... active) {
    HashSpace space =
        HashSpace.of(Arrays.stream(active).map(a -> new Node(a, true)).toList(), clockTime);
    return new HashSpaces(space, space);
  }

  private static NodeAddress address(int last) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) last}, 19800);
  }
}
