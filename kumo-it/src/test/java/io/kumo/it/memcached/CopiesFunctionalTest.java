package io.kumo.it.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.cost.LocalCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same list of cases where there are other than three copies of a record. */
class CopiesFunctionalTest {
  private static final int SERVERS = 6;

  @TempDir Path directory;

  private record Copies(int copies) implements LocalCluster.Wiring {
    @Override
    public int servers() {
      return SERVERS;
    }
  }

  @Test
  void everyCaseWorksWithTwoCopies() throws Exception {
    assertEveryCaseWorks(2);
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(ints = {1, 5})
  void everyCaseWorksWithOtherNumbersOfCopies(int copies) throws Exception {
    assertEveryCaseWorks(copies);
  }

  private void assertEveryCaseWorks(int copies) throws Exception {
    try (LocalCluster cluster = new LocalCluster(directory, new Copies(copies))) {
      assertThat(cluster.gateway().view().spaces().write().copies()).isEqualTo(copies);
      int number = 0;
      for (FunctionalTest.Protocol protocol : FunctionalTest.Protocol.values()) {
        for (McCases.Case each : new McCases().all().values()) {
          try (McDriver client = protocol.connect(cluster.clientAddress())) {
            each.run(client, "key" + number++);
          }
        }
      }
      assertThat(number).isGreaterThan(50);
    }
  }
}
