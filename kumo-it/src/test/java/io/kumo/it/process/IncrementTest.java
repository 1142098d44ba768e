package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counters are counted up on many connections while servers are killed and attached again: none has
 * less than was acknowledged, and none more than that and what was answered SERVER_ERROR. {@code
 * -Dkumo.increments=1000000} for more; {@code -Dkumo.test.scale=10} does the same.
 */
class IncrementTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int TOTAL =
      Integer.getInteger("kumo.increments", SCALE < 10 ? 20_000 : 1_000_000);
  private static final int KEYS = 100;
  private static final int CONNECTIONS = 32;
  private static final int PIPELINED = 8;
  private static final int SERVERS = 3;

  @TempDir Path directory;

  private final AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
  private final AtomicLongArray unknown = new AtomicLongArray(KEYS);
  private final AtomicLong answered = new AtomicLong();

  @Test
  void noIncrementIsLostOrAppliedTwiceWhileServersDie() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS);
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, SERVERS);
        TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int key = 0; key < KEYS; key++) {
        assertThat(client.set(key(key), "0")).isEqualTo("STORED");
      }
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Random random = new Random(i);
        running.add(workers.submit(() -> count(cluster.gatewayPort(), random)));
      }
      int kills = killServers(cluster, running);
      for (Future<?> worker : running) {
        worker.get();
      }
      assertSums(client, kills);
    } finally {
      workers.shutdownNow();
    }
  }

  private static String key(int number) {
    return "count-" + number;
  }

  /** At least one, in the middle of the work; returns how many. */
  private int killServers(ClusterProcesses cluster, List<Future<?>> running) throws Exception {
    Random random = new Random(5);
    int kills = 0;
    await().atMost(Duration.ofMinutes(10)).until(() -> answered.get() > TOTAL / 10);
    do {
      int server = random.nextInt(SERVERS);
      cluster.process("server-" + server).kill();
      kills++;
      cluster.awaitStatus(cluster.server(server) + "  (fault)");
      cluster.startServer(server);
      cluster.awaitNewcomers(1);
      cluster.attach();
      cluster.awaitStatus(cluster.server(server) + "  (active)");
      cluster.awaitSettled();
    } while (!running.stream().allMatch(Future::isDone));
    return kills;
  }

  private Void count(int port, Random random) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      for (int done = 0; done < TOTAL / CONNECTIONS; done += PIPELINED) {
        int[] keys = random.ints(PIPELINED, 0, KEYS).toArray();
        StringBuilder requests = new StringBuilder();
        for (int key : keys) {
          requests.append("incr ").append(key(key)).append(" 1\r\n");
        }
        socket.getOutputStream().write(requests.toString().getBytes(ISO_8859_1));
        for (int key : keys) {
          note(key, in.readLine());
        }
      }
    }
    return null;
  }

  private void note(int key, String line) throws IOException {
    if (line == null) {
      throw new EOFException("the gateway has closed the connection");
    }
    if (line.startsWith("SERVER_ERROR")) {
      unknown.incrementAndGet(key);
    } else if (Character.isDigit(line.charAt(0))) {
      acknowledged.incrementAndGet(key);
    } else {
      throw new IOException("answered " + line);
    }
    answered.incrementAndGet();
  }

  private void assertSums(TextClient client, int kills) throws IOException {
    long sum = 0;
    long acknowledgedSum = 0;
    long unknownSum = 0;
    List<String> wrong = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      long value = Long.parseLong(String.valueOf(client.get(key(key))));
      long least = acknowledged.get(key);
      long most = least + unknown.get(key);
      if (value < least || value > most) {
        wrong.add(key(key) + " is " + value + ", not from " + least + " to " + most);
      }
      sum += value;
      acknowledgedSum += least;
      unknownSum += most - least;
    }
    System.out.printf(
        "increments: %d acknowledged, %d unknown, sum %d, wrong keys %d, kills %d%n",
        acknowledgedSum, unknownSum, sum, wrong.size(), kills);
    assertThat(wrong).isEmpty();
    assertThat(acknowledgedSum).isPositive();
  }
}
