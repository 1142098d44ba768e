package io.kumo.manager.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class VersionSourceTest {
  @Property
  void twoManagersNeverIssueOneVersion(@ForAll long after) {
    long base = after >>> 2;
    VersionSource lower = new VersionSource(new HybridClock(new ManualTime()), 0);
    VersionSource upper = new VersionSource(new HybridClock(new ManualTime()), 1);
    assertThat(lower.after(base)).isNotEqualTo(upper.after(base));
    assertThat(lower.after(base) & 1).isZero();
    assertThat(upper.after(base) & 1).isOne();
  }

  @Property
  void everyVersionIsGreaterThanTheOneBefore(@ForAll boolean upper) {
    VersionSource versions = new VersionSource(new HybridClock(new ManualTime()), upper ? 1 : 0);
    long before = 0;
    for (int i = 0; i < 20; i++) {
      long next = versions.after(before);
      assertThat(Long.compareUnsigned(next, before)).isPositive();
      before = next;
    }
  }
}
