package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.FreePorts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All servers, managers and gateways of a loaded cluster of processes are restarted one after the
 * other, as the page about operations tells it: no request of clients with two gateways fails.
 */
@Tag("slow")
class RollingProcessesTest {
  private static final int SOME_REQUESTS = 200;
  private static final int SERVERS = 3;

  @TempDir Path directory;

  @Test
  void everyProcessIsRestartedAndNoRequestFails() throws Exception {
    int otherGateway = FreePorts.one();
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 2, SERVERS)) {
      cluster.startAll();
      cluster.startGateway("gateway-2", otherGateway);
      cluster.awaitStores(otherGateway);
      SteadyLoad load = new SteadyLoad(cluster.gatewayPort(), otherGateway);
      Story story = new Story(words -> cluster.kumoctl(0, words), "Rolling restart and upgrade");
      for (int server = 0; server < SERVERS; server++) {
        stop(cluster, "server-" + server, load);
        cluster.startServer(server);
        story.awaitAttached();
      }
      for (int manager = 1; manager >= 0; manager--) {
        stop(cluster, "manager-" + manager, load);
        cluster.startManager(manager);
        story.awaitDone("managers show");
      }
      restartGateway(cluster, "gateway", cluster.gatewayPort(), load);
      restartGateway(cluster, "gateway-2", otherGateway, load);
      assertThat(cluster.kumoctl(0, "wait").exitCode()).isZero();
      awaitMore(load);
      load.close();
      System.out.printf("%d requests, %d failed%n", load.requests(), load.failures().size());
      assertThat(load.failures()).as("of %d requests", load.requests()).isEmpty();
    }
  }

  private static void stop(ClusterProcesses cluster, String name, SteadyLoad load)
      throws Exception {
    awaitMore(load);
    assertThat(cluster.process(name).stop()).as(name).isIn(List.of(0, 143));
    awaitMore(load);
  }

  private static void restartGateway(
      ClusterProcesses cluster, String name, int port, SteadyLoad load) throws Exception {
    stop(cluster, name, load);
    cluster.startGateway(name, port);
    cluster.awaitStores(port);
    awaitMore(load);
  }

  private static void awaitMore(SteadyLoad load) {
    long before = load.requests();
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> load.requests() >= before + SOME_REQUESTS || !load.failures().isEmpty());
  }
}
