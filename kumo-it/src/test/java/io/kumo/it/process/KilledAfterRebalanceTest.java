package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed two seconds after records have moved: the memory of requests has moved with
 * them, so no client's set is refused, though it may have to be repeated by the gateway.
 */
class KilledAfterRebalanceTest {
  private static final int ROUNDS = Integer.getInteger("kumo.test.scale", 1);
  private static final int CLIENTS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration BEFORE_THE_KILL = Duration.ofSeconds(2);

  @TempDir Path directory;

  private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger stored = new AtomicInteger();
  private final AtomicBoolean ending = new AtomicBoolean();

  @Test
  void noSetIsRefused() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 3)) {
      cluster.useManagerArguments("--rejoin-after", "1s");
      cluster.startAll();
      cluster.awaitSettled();
      List<Thread> clients = startClients(cluster.gatewayPort());
      for (int round = 0; round < ROUNDS; round++) {
        moveAndKill(cluster, round % cluster.serverCount());
      }
      ending.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(refused).isEmpty();
    assertThat(stored.get()).isGreaterThan(CLIENTS);
  }

  private void moveAndKill(ClusterProcesses cluster, int server) throws Exception {
    long finished = finished(cluster);
    assertThat(cluster.kumoctl("full-replace")).isEqualTo("nil\n");
    await().atMost(PATIENCE).until(() -> finished(cluster) > finished);
    Thread.sleep(BEFORE_THE_KILL.toMillis());
    int before = stored.get();
    cluster.process("server-" + server).kill();
    cluster.awaitStatus(cluster.server(server) + "  (fault)");
    await().atMost(PATIENCE).until(() -> stored.get() > before + CLIENTS);
    cluster.startServer(server);
    cluster.awaitStatus(cluster.server(server) + "  (active)");
    cluster.awaitSettled();
  }

  private static long finished(ClusterProcesses cluster) {
    String said = cluster.process("manager-0").output();
    return said.lines().filter(line -> line.contains("replace finished")).count();
  }

  private List<Thread> startClients(int port) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      Thread client = new Thread(() -> set(port, number), "client " + i);
      client.start();
      clients.add(client);
    }
    return clients;
  }

  private void set(int port, int number) {
    try (TextClient client = new TextClient(port)) {
      for (int i = 0; !ending.get(); i++) {
        String answer = client.set("key-" + number + "-" + i % 100, "value-" + i);
        if (answer.equals("STORED")) {
          stored.incrementAndGet();
        } else {
          refused.add(answer);
        }
        Thread.sleep(1);
      }
    } catch (IOException | InterruptedException e) {
      refused.add(e.toString());
    }
  }
}
