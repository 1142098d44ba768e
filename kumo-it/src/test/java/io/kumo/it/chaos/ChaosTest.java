package io.kumo.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes are killed and hung under load: nothing that was acknowledged is lost. */
class ChaosTest {
  @TempDir Path directory;

  private void assertNothingLost(int rounds, int copies) throws Exception {
    long seed = Long.getLong("kumo.chaos.seed", System.nanoTime());
    System.out.println("seed " + seed);
    try (Chaos chaos = new Chaos(directory, seed, copies)) {
      Findings findings = chaos.run(rounds);
      System.out.println(findings);
      assertThat(findings.problems()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void aFewRoundsLoseNothing() throws Exception {
    assertNothingLost(3, HashSpace.DEFAULT_COPIES);
  }

  @Test
  @Tag("slow")
  void twoHundredRoundsLoseNothing() throws Exception {
    assertNothingLost(200, HashSpace.DEFAULT_COPIES);
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(ints = {1, 2, 5})
  void otherNumbersOfCopiesLoseNothingEither(int copies) throws Exception {
    assertNothingLost(4, copies);
  }
}
