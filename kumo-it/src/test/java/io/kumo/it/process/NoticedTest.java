package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients notice of servers and managers that go: nothing of those that stop in order; of one
 * that is killed a pause, which is printed and nowhere asserted.
 */
@Tag("slow")
class NoticedTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CLIENTS = 8;
  private static final int KEYS = 16;
  private static final long ENOUGH = 5_000;

  @TempDir Path directory;

  /** One client, which sets keys in turn, or reads those of the client before it. */
  private static final class Client implements Runnable {
    final Queue<String> errors = new ConcurrentLinkedQueue<>();
    final AtomicLong operations = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final int port;
    private final String prefix;
    final boolean reads;
    private volatile long killedNs;

    /** By key, how long after the kill it was answered again; 0 for not yet. */
    private final long[] againNs = new long[KEYS];

    private final Thread thread = new Thread(this);

    Client(int port, int number) {
      this.port = port;
      this.reads = number % 2 != 0;
      this.prefix = "c" + number / 2 + "-";
      thread.start();
    }

    @Override
    public void run() {
      try (TextClient client = new TextClient(port)) {
        for (int i = 0; !stopped.get(); i = (i + 1) % KEYS) {
          if (reads) {
            read(client, i);
          } else {
            write(client, i);
          }
        }
      } catch (IOException e) {
        errors.add(e.toString());
      }
    }

    private void write(TextClient client, int key) throws IOException {
      long begunNs = System.nanoTime();
      String answer = client.set(prefix + key, "value");
      if (answer.equals("STORED")) {
        note(key, begunNs);
      } else {
        errors.add("set: " + answer);
      }
    }

    private void read(TextClient client, int key) {
      long begunNs = System.nanoTime();
      try {
        client.get(prefix + key);
        note(key, begunNs);
      } catch (IOException e) {
        errors.add("get: " + e.getMessage());
      }
    }

    private void note(int key, long begunNs) {
      operations.incrementAndGet();
      if (killedNs != 0 && begunNs - killedNs >= 0 && againNs[key] == 0) {
        againNs[key] = System.nanoTime() - killedNs;
      }
    }

    boolean isThrough() {
      return Arrays.stream(againNs).allMatch(ns -> ns != 0);
    }

    long longestNs() {
      return Arrays.stream(againNs).max().orElseThrow();
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }

  private static List<Client> load(ClusterProcesses cluster) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(cluster.gatewayPort(), i));
    }
    awaitOperations(clients);
    return clients;
  }

  /** That many more than there are. */
  private static void awaitOperations(List<Client> clients) {
    long before = operations(clients);
    await().atMost(PATIENCE).until(() -> operations(clients) >= before + ENOUGH);
  }

  private static long operations(List<Client> clients) {
    return clients.stream().mapToLong(client -> client.operations.get()).sum();
  }

  private static List<String> errors(List<Client> clients) throws InterruptedException {
    for (Client client : clients) {
      client.stop();
    }
    return clients.stream().flatMap(client -> client.errors.stream()).toList();
  }

  private ClusterProcesses up(int managers) {
    ClusterProcesses cluster = new ClusterProcesses(directory, managers, 3);
    cluster.useManagerArguments("--rejoin-after", "1s");
    cluster.startAll();
    return cluster;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void ofAServerThatStopsInOrderNothingIsNoticed(int managers) throws Exception {
    try (ClusterProcesses cluster = up(managers)) {
      List<Client> clients = load(cluster);
      for (int server = 0; server < 3; server++) {
        cluster.process("server-" + server).stop();
        awaitOperations(clients);
        cluster.startServer(server);
        cluster.awaitStatus(cluster.server(server) + "  (active)");
        cluster.awaitSettled();
        awaitOperations(clients);
      }
      assertThat(errors(clients)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void ofManagersThatStopNothingIsNoticed(int managers) throws Exception {
    try (ClusterProcesses cluster = up(managers)) {
      List<Client> clients = load(cluster);
      for (int manager = 0; manager < managers; manager++) {
        cluster.process("manager-" + manager).stop();
      }
      for (int i = 0; i < 5; i++) {
        awaitOperations(clients);
      }
      for (int manager = 0; manager < managers; manager++) {
        cluster.startManager(manager);
      }
      cluster.awaitStatus(cluster.server(0) + "  (active)");
      awaitOperations(clients);
      assertThat(errors(clients)).isEmpty();
    }
  }

  @Test
  void howLongAKilledServerKeepsClientsWaiting() throws Exception {
    try (ClusterProcesses cluster = up(2)) {
      for (int server = 0; server < 3; server++) {
        List<Client> clients = load(cluster);
        cluster.process("server-" + server).kill();
        long killedNs = System.nanoTime();
        clients.forEach(client -> client.killedNs = killedNs);
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(Client::isThrough));
        int failed = errors(clients).size();
        System.out.printf(
            "server-%d killed under load: every key written again after %d ms at most, read after"
                + " %d ms, %d requests failed%n",
            server, longestMs(clients, false), longestMs(clients, true), failed);
        cluster.startServer(server);
        cluster.awaitStatus(cluster.server(server) + "  (active)");
        cluster.awaitSettled();
      }
    }
  }

  @Test
  void ofAZoneThatIsKilledAllReadsAndWritesAreAnswered() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 2, 6)) {
      cluster.useZones("a", "a", "b", "b", "c", "c");
      cluster.startAll();
      List<Client> clients = load(cluster);
      cluster.process("server-0").kill();
      cluster.process("server-1").kill();
      long killedNs = System.nanoTime();
      clients.forEach(client -> client.killedNs = killedNs);
      await().atMost(PATIENCE).until(() -> clients.stream().allMatch(Client::isThrough));
      System.out.printf(
          "a zone of three killed under load: every key written again after %d ms at most, read"
              + " after %d ms%n",
          longestMs(clients, false), longestMs(clients, true));
      assertThat(errors(clients)).isEmpty();
    }
  }

  private static long longestMs(List<Client> clients, boolean reads) {
    long longestNs =
        clients.stream()
            .filter(client -> client.reads == reads)
            .mapToLong(Client::longestNs)
            .max()
            .orElseThrow();
    return Duration.ofNanos(longestNs).toMillis();
  }
}
