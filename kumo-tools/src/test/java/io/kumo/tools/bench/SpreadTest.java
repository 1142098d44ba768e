package io.kumo.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void aComparisonIsTheMedianAndTheSpread() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(List.of(4.0, 2.0))).isEqualTo(new Spread(3, 2, 4));
    assertThat(Spread.ratio(List.of(1.0, 4.0), List.of(2.0, 2.0)))
        .isEqualTo(new Spread(1.25, 0.5, 2));
  }
}
