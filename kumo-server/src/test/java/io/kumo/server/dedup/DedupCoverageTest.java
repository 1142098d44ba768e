package io.kumo.server.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DedupCoverageTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);
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

  @Test
  void theFirstViewOfAClusterFindsNoRequestBeforeIt() {
    DedupCoverage empty = new DedupCoverage(A, HashSpaces.EMPTY, KEEP, 0);
    HashSpaces first = new HashSpaces(steady(1, A, B).write(), HashSpace.EMPTY);
    empty.clusterBegins(10);
    empty.viewInstalled(first, false, 10);
    empty.viewInstalled(steady(1, A, B), true, 11);
    assertThat(empty.isWhole(KEY, 12)).isTrue();
    empty.clusterBegins(20);
    empty.viewInstalled(steady(2, A, B), false, 20);
    assertThat(empty.isWhole(KEY, 21)).isFalse();
  }

  @Test
  void whatWasCopiedIsCutUntilItsGiverTellsOfItsRequests() {
    coverage.arrived(B, KEY, 1_000);
    assertThat(coverage.isWhole(KEY, 1_001)).isFalse();
    assertThat(coverage.isWhole(KEY + 1, 1_001)).isTrue();
    coverage.told(B, word(List.of(HashRange.ALL), List.of()), 1_002);
    assertThat(coverage.isWhole(KEY, 1_003)).isTrue();
    coverage.arrived(B, KEY, 1_004);
    assertThat(coverage.isWhole(KEY, 1_005)).isFalse();
    assertThat(coverage.isWhole(KEY, 1_104)).isTrue();
  }

  @Test
  void whatOneGiverTellsSaysNothingOfWhatAnotherGave() {
    coverage.arrived(B, KEY, 1_000);
    coverage.arrived(C, KEY, 1_000);
    coverage.told(B, word(List.of(HashRange.ALL), List.of()), 1_001);
    assertThat(coverage.isWhole(KEY, 1_002)).isFalse();
    coverage.told(C, word(List.of(HashRange.ALL), List.of()), 1_003);
    assertThat(coverage.isWhole(KEY, 1_004)).isTrue();
  }

  @Test
  void whatAGiverDoesNotKnowItselfIsCut() {
    List<HashRange> low = List.of(new HashRange(0, 100));
    coverage.told(B, word(low, List.of(5L)), 1_000);
    assertThat(coverage.isWhole(KEY, 1_001)).isTrue();
    assertThat(coverage.isWhole(5, 1_001)).isFalse();
    assertThat(coverage.isWhole(101, 1_001)).isFalse();
    assertThat(coverage.isWhole(101, 1_101)).isTrue();
  }

  @Test
  void aNewcomerIsAsWholeAsThoseWhoGaveItItsRecords() {
    DedupCoverage newcomer = new DedupCoverage(A, steady(1, B), KEEP, 0);
    newcomer.viewInstalled(
        new HashSpaces(steady(2, A, B).write(), steady(1, B).read()), true, 1_000);
    for (long key = 0; key < 1 << 17; key++) {
      newcomer.arrived(B, key, 1_001);
    }
    assertThat(newcomer.isWhole(KEY, 1_002)).isFalse();
    DedupCoverage giver = new DedupCoverage(B, steady(2, A, B), KEEP, 0);
    giver.cut(9, 990);
    GiveWindow.Coverage word = giver.coverage(List.of(HashRange.ALL), 1_002);
    assertThat(word).isNotNull();
    assertThat(word.whole()).containsExactly(HashRange.ALL);
    assertThat(word.except()).containsExactly(9L);
    newcomer.told(B, word, 1_003);
    assertThat(newcomer.isWhole(KEY, 1_004)).isTrue();
    assertThat(newcomer.isWhole(9, 1_004)).isFalse();
    assertThat(giver.isWhole(9, 1_004)).isFalse();
  }

  @Test
  void aGiverTellsOnlyOfTheRangesThatItKnowsAllOf() {
    coverage.told(B, word(List.of(new HashRange(100, 200)), List.of(150L)), 1_000);
    GiveWindow.Coverage told = coverage.coverage(List.of(new HashRange(50, 300)), 1_001);
    assertThat(told).isNotNull();
    assertThat(told.whole()).containsExactly(new HashRange(100, 200));
    assertThat(told.except()).containsExactly(150L);
  }

  @Test
  void whoHasLeftAKeyStillKnowsTheRequestsOfItsRecord() {
    coverage.viewInstalled(steady(2, B), true, 1_000);
    assertThat(coverage.isWholeOfLeftover(KEY, 1_001)).isTrue();
    assertThat(coverage.isWhole(KEY, 1_001)).isFalse();
    coverage.cut(KEY, 1_002);
    assertThat(coverage.isWholeOfLeftover(KEY, 1_003)).isFalse();
  }

  private static GiveWindow.Coverage word(List<HashRange> whole, List<Long> except) {
    return new GiveWindow.Coverage(List.of(HashRange.ALL), whole, except);
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
