package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static ResourceLeakDetector.Level before = ResourceLeakDetector.Level.DISABLED;

  @BeforeAll
  static void watchNoBuffers() {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterAll
  static void watchBuffersAgain() {
    ResourceLeakDetector.setLevel(before);
  }

  @Test
  void isTheSameRunForTheSameSeed() {
    SimReport once = Simulation.run(3, null);
    SimReport again = Simulation.run(3, null);
    assertThat(again.traceHash()).isEqualTo(once.traceHash());
    assertThat(again.violations()).isEqualTo(once.violations());
    assertThat(Simulation.run(4, null).traceHash()).isNotEqualTo(once.traceHash());
  }

  @Test
  void isLongAndRoughEnough() {
    SimReport report = Simulation.run(5, null);
    assertThat(report.operations()).isGreaterThan(Settings.OPERATIONS);
    assertThat(report.faults().values().stream().mapToInt(Integer::intValue).sum())
        .isGreaterThanOrEqualTo(Settings.FAULTS);
  }
}
