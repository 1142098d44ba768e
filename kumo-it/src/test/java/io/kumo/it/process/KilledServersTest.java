package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two servers of three are killed at once and started again, one after the other, while a client
 * sets all keys and reads them back, over and over: what was stored is read back. A set that was
 * under way to a server when that died may be answered SERVER_ERROR, which says that nothing is
 * known of it, and is then repeated.
 */
class KilledServersTest {
  private static final int KEYS = 100;
  private static final int ROUNDS = 2;
  private static final int MAX_SETS = 5;

  /** Between rounds of sets and gets: servers that start need the processors, too. */
  private static final int PAUSE_MS = 20;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twoServersKilledAtOnceComeBack(int managers) throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, managers, 3)) {
      cluster.startAll();
      SetsAndGets load = new SetsAndGets(cluster.gatewayPort());
      for (int round = 0; round < ROUNDS; round++) {
        int spared = ThreadLocalRandom.current().nextInt(3);
        List<Integer> killed = new ArrayList<>(List.of(0, 1, 2));
        killed.remove(Integer.valueOf(spared));
        for (int server : killed) {
          cluster.process("server-" + server).kill();
        }
        for (int server : killed) {
          cluster.awaitStatus(cluster.server(server) + "  (fault)");
        }
        for (int server : killed) {
          cluster.startServer(server);
        }
        cluster.awaitNewcomers(2);
        cluster.attach();
        for (int server : killed) {
          cluster.awaitStatus(cluster.server(server) + "  (active)");
        }
        cluster.awaitSettled();
      }
      load.stop();
      assertThat(load.failures).isEmpty();
      assertThat(load.rounds.get()).isGreaterThan(ROUNDS);
    }
  }

  /** Each value is the same every time, so what is missing or wrong was lost. */
  private static final class SetsAndGets {
    final List<String> failures = new ArrayList<>();
    final AtomicInteger rounds = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    SetsAndGets(int port) {
      thread = new Thread(() -> run(port), "sets and gets");
      thread.start();
    }

    private void run(int port) {
      try (TextClient client = new TextClient(port)) {
        while (!stopped.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
          for (int i = 0; i < KEYS; i++) {
            set(client, "k" + i, "val" + i);
          }
          for (int i = 0; i < KEYS; i++) {
            expect("get " + i, "val" + i, String.valueOf(client.get("k" + i)));
          }
          rounds.incrementAndGet();
        }
      } catch (IOException | InterruptedException e) {
        failures.add(e.toString());
      }
    }

    private void set(TextClient client, String key, String value) throws IOException {
      String answer = client.set(key, value);
      for (int i = 1; i < MAX_SETS && answer.startsWith("SERVER_ERROR"); i++) {
        answer = client.set(key, value);
      }
      expect("set " + key, "STORED", answer);
    }

    private void expect(String what, String right, String answer) {
      if (!answer.equals(right)) {
        failures.add(what + ": " + answer);
      }
    }

    /** What it found belongs to the caller afterwards. */
    void stop() throws InterruptedException {
      stopped.countDown();
      thread.join();
    }
  }
}
