package io.kumo.manager.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.testing.ManualTime;
import io.kumo.core.testing.Tries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionSourceTest {
  @Test
  void twoManagersNeverIssueOneVersion() {
    Tries.of(Tries.MANY, draw -> twoManagersNeverIssueOneVersion(draw.anyLong() >>> 2));
  }

  private static void twoManagersNeverIssueOneVersion(long base) {
    VersionSource lower = new VersionSource(new HybridClock(new ManualTime()), 0);
    VersionSource upper = new VersionSource(new HybridClock(new ManualTime()), 1);
    assertThat(lower.after(base)).isNotEqualTo(upper.after(base));
    assertThat(lower.after(base) & 1).isZero();
    assertThat(upper.after(base) & 1).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyVersionIsGreaterThanTheOneBefore(int parity) {
    VersionSource versions = new VersionSource(new HybridClock(new ManualTime()), parity);
    long before = 0;
    for (int i = 0; i < 20; i++) {
      long next = versions.after(before);
      assertThat(Long.compareUnsigned(next, before)).isPositive();
      before = next;
    }
  }
}
