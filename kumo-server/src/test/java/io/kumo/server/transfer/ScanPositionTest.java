package io.kumo.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashRange;
import io.kumo.core.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScanPositionTest {
  private static final int HASHES = 64;

  @Test
  void whatIsLeftWithinRangesIsInBoth() {
    Tries.of(
        Tries.MANY,
        draw -> {
          List<HashRange> own = new ArrayList<>();
          for (int at = draw.between(0, 9); at < HASHES; at += 2 + draw.between(0, 9)) {
            int to = Math.min(HASHES - 1, at + draw.between(0, 9));
            own.add(new HashRange(at, to));
            at = to;
          }
          List<HashRange> wanted = new ArrayList<>();
          for (int i = draw.between(0, 5); i > 0; i--) {
            int from = draw.between(0, HASHES - 1);
            wanted.add(new HashRange(from, Math.min(HASHES - 1, from + draw.between(0, 20))));
          }
          Set<Long> both = hashes(own);
          both.retainAll(hashes(wanted));

          ScanPosition left = ScanPosition.start(own).within(wanted);

          assertThat(hashes(left.ranges())).isEqualTo(both);
          long size = left.ranges().stream().mapToLong(r -> r.to() - r.from() + 1).sum();
          assertThat(size).isEqualTo(both.size());
        });
  }

  @Test
  void theLastHashIsNotGoneBeyond() {
    List<HashRange> wanted = List.of(new HashRange(-9, -1), new HashRange(5, 6), HashRange.ALL);
    ScanPosition left = ScanPosition.start(List.of(new HashRange(3, -1))).within(wanted);
    assertThat(left.ranges()).containsExactly(new HashRange(3, -1));
  }

  @Test
  void differencesBecomeFewerRanges() {
    List<HashRange> many = new ArrayList<>();
    for (int i = 0; i < 3 * Differences.MAX_RANGES; i++) {
      many.add(0, new HashRange(4L * i, 4L * i + 1));
    }
    Differences differences = new Differences(many, 0);
    assertThat(differences.ranges()).hasSizeLessThanOrEqualTo(Differences.MAX_RANGES);
    assertThat(many).allMatch(r -> differences.contains(r.from()) && differences.contains(r.to()));
    Differences two =
        new Differences(List.of(new HashRange(8, 9), new HashRange(5, 6), new HashRange(7, 7)), 0);
    assertThat(two.ranges()).containsExactly(new HashRange(5, 9));
    assertThat(two.contains(4)).isFalse();
    assertThat(two.contains(10)).isFalse();
  }

  private static Set<Long> hashes(List<HashRange> ranges) {
    Set<Long> hashes = new TreeSet<>();
    for (HashRange range : ranges) {
      for (long hash = range.from(); hash <= range.to(); hash++) {
        hashes.add(hash);
      }
    }
    return hashes;
  }
}
