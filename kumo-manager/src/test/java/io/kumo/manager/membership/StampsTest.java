package io.kumo.manager.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StampsTest {
  @Property
  void twoManagersNeverIssueOneStamp(@ForAll long after) {
    long base = after >>> 2;
    Stamps lower = new Stamps(new HybridClock(new ManualTime()), 0);
    Stamps upper = new Stamps(new HybridClock(new ManualTime()), 1);
    assertThat(lower.after(base)).isNotEqualTo(upper.after(base));
    assertThat(lower.after(base) & 1).isZero();
    assertThat(upper.after(base) & 1).isOne();
  }

  @Property
  void everyStampIsGreaterThanTheOneBefore(@ForAll boolean upper) {
    Stamps stamps = new Stamps(new HybridClock(new ManualTime()), upper ? 1 : 0);
    long before = 0;
    for (int i = 0; i < 20; i++) {
      long next = stamps.after(before);
      assertThat(Long.compareUnsigned(next, before)).isPositive();
      before = next;
    }
  }
}
