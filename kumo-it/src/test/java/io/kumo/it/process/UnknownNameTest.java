package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the two managers that everybody is told of one has a name that means nothing. */
class UnknownNameTest {
  private static final String NOWHERE = "no-such-manager.invalid";

  @TempDir Path directory;

  @Test
  void aClusterRunsOnTheManagerThatCanBeFound() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1, 1)) {
      cluster.nameFirstManager(NOWHERE);
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
        assertThat(client.get("key")).isEqualTo("value");
      }
      for (String name : new String[] {"manager-0", "server-0", "gateway"}) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> cluster.process(name).output().contains("cannot resolve " + NOWHERE));
        assertThat(cluster.process(name).output()).containsOnlyOnce("cannot resolve");
      }
    }
  }
}
