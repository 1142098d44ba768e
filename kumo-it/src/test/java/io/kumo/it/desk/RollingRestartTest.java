package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.gateway.Gateway;
import io.kumo.it.process.FreePorts;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page about operations tells to restart a cluster one node after the other, or to take a
 * server out, done under load: no request of clients with two gateways fails, and none is lost.
 */
class RollingRestartTest {
  private static final int SOME_REQUESTS = 200;

  @TempDir Path directory;
  private final int[] ports = {FreePorts.one(), FreePorts.one()};
  private final Gateway[] gateways = new Gateway[ports.length];
  private DeskCluster cluster;

  @BeforeEach
  void launch() throws Exception {
    cluster = DeskCluster.up(directory, 2, 4, 3);
    for (int i = 0; i < ports.length; i++) {
      startGateway(i);
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    cluster.close();
  }

  @Test
  void aServerAManagerAndAGatewayAreRestarted() throws Exception {
    try (SteadyLoad load = new SteadyLoad(ports)) {
      restartServer(0, load);
      restartManager(0, load);
      restartGateway(0, load);
      assertNothingFailed(load);
    }
  }

  @Test
  @Tag("slow")
  void allAreRestartedOneAfterTheOther() throws Exception {
    try (SteadyLoad load = new SteadyLoad(ports)) {
      for (int server = 0; server < 3; server++) {
        restartServer(server, load);
      }
      for (int manager = 1; manager >= 0; manager--) {
        restartManager(manager, load);
      }
      for (int gateway = 0; gateway < ports.length; gateway++) {
        restartGateway(gateway, load);
      }
      assertNothingFailed(load);
    }
  }

  @Test
  @Tag("slow")
  void aServerIsDrained() throws Exception {
    cluster.startServer(3);
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> cluster.kumoctl("attach", cluster.server(3), "--wait").exitCode() == 0);
    cluster.awaitSteady();
    try (SteadyLoad load = new SteadyLoad(ports)) {
      awaitMore(load);
      Story story = new Story(cluster, "Take a server out");
      story.done("drain SERVER --wait", Map.of("SERVER", cluster.server(0)));
      cluster.stopServer(0);
      awaitMore(load);
      assertNothingFailed(load);
    }
    KumoProcess.Result verified = cluster.kumoctl("verify", "--wait");
    assertThat(verified.output()).contains("3 replicas each, 0 differ");
  }

  private void restartServer(int server, SteadyLoad load) throws Exception {
    awaitMore(load);
    cluster.stopServer(server);
    awaitMore(load);
    cluster.startServer(server);
    new Story(cluster, "Rolling restart and upgrade").awaitAttached();
  }

  private void restartManager(int manager, SteadyLoad load) throws Exception {
    cluster.stopManager(manager);
    awaitMore(load);
    cluster.startManager(manager);
    new Story(cluster, "Rolling restart and upgrade").awaitDone("managers show");
  }

  private void restartGateway(int gateway, SteadyLoad load) throws Exception {
    gateways[gateway].close();
    awaitMore(load);
    startGateway(gateway);
    awaitMore(load);
  }

  /** Returns when it knows the cluster: before, it answers with errors. */
  private void startGateway(int gateway) throws Exception {
    gateways[gateway] = cluster.startGateway(ports[gateway]);
    try (TextClient client = new TextClient(ports[gateway])) {
      await().atMost(DeskCluster.PATIENCE).until(() -> client.set("is-up", "up").equals("STORED"));
    }
  }

  private static void awaitMore(SteadyLoad load) {
    long before = load.requests();
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(() -> load.requests() >= before + SOME_REQUESTS || !load.failures().isEmpty());
  }

  private static void assertNothingFailed(SteadyLoad load) {
    load.close();
    System.out.println(load.requests() + " requests, " + load.failures().size() + " failed");
    assertThat(load.failures()).as("of %d requests", load.requests()).isEmpty();
  }
}
