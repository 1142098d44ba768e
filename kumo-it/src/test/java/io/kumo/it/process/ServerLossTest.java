package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server dies under load and comes back; then everything stops and starts again. */
class ServerLossTest {
  private static final int KEYS = 1000;

  /** Between two reads: servers that start need the processors, too. */
  private static final int PAUSE_MS = 1;

  @TempDir Path directory;

  @Test
  void aKilledServerRejoinsByItselfWithEverythingThatItMissed() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 3)) {
      cluster.useManagerArguments("--rejoin-after", "1s");
      cluster.startAll();
      killOneAndStartAllAnew(cluster);
    }
  }

  private static void killOneAndStartAllAnew(ClusterProcesses cluster) throws Exception {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < KEYS; i++) {
        assertThat(client.set("key-" + i, "before-" + i)).isEqualTo("STORED");
      }
      Reader reader = new Reader(cluster.gatewayPort());

      cluster.process("server-1").kill();
      Map<String, @Nullable String> expected = changeAll(client);
      cluster.awaitStatus(cluster.server(1) + "  (fault)");
      cluster.startServer(1);
      cluster.awaitStatus(cluster.server(1) + "  (active)");
      cluster.awaitSettled();

      reader.stop();
      assertThat(reader.failures()).isZero();
      assertThat(reader.reads()).isPositive();
      for (int server = 0; server < 3; server++) {
        assertServerHas(cluster.server(server), expected);
      }
      cluster.stopAll();
      cluster.startAll();
      try (TextClient again = new TextClient(cluster.gatewayPort())) {
        for (Map.Entry<String, @Nullable String> entry : expected.entrySet()) {
          assertThat(again.get(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
        }
      }
    }
  }

  /** A third is overwritten, a third deleted, a third CASed. */
  private static Map<String, @Nullable String> changeAll(TextClient client) throws IOException {
    Map<String, @Nullable String> expected = new LinkedHashMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "key-" + i;
      String value = "after-" + i;
      switch (i % 3) {
        case 0 -> {
          assertThat(client.set(key, value)).isEqualTo("STORED");
          expected.put(key, value);
        }
        case 1 -> {
          assertThat(client.delete(key)).isEqualTo("DELETED");
          expected.put(key, null);
        }
        default -> {
          assertThat(client.cas(key, value, client.casUnique(key))).isEqualTo("STORED");
          expected.put(key, value);
        }
      }
    }
    return expected;
  }

  private static void assertServerHas(String server, Map<String, @Nullable String> expected)
      throws Exception {
    try (ServerReader direct = new ServerReader(server)) {
      for (Map.Entry<String, @Nullable String> entry : expected.entrySet()) {
        assertThat(direct.get(entry.getKey()))
            .as("%s on %s", entry.getKey(), server)
            .isEqualTo(entry.getValue());
      }
    }
  }

  /** Reads on and on through the gateway, and counts what fails. */
  private static final class Reader {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final Thread thread;

    Reader(int port) {
      thread = new Thread(() -> read(port), "reader");
      thread.start();
    }

    private void read(int port) {
      try (TextClient client = new TextClient(port)) {
        for (int i = 0; !stopped.await(PAUSE_MS, TimeUnit.MILLISECONDS); i = (i + 7) % KEYS) {
          readOne(client, "key-" + i);
        }
      } catch (IOException | InterruptedException e) {
        failures.incrementAndGet();
      }
    }

    private void readOne(TextClient client, String key) throws IOException {
      try {
        client.get(key);
        reads.incrementAndGet();
      } catch (IOException e) {
        failures.incrementAndGet();
        throw e;
      }
    }

    void stop() throws InterruptedException {
      stopped.countDown();
      thread.join();
    }

    int failures() {
      return failures.get();
    }

    int reads() {
      return reads.get();
    }
  }
}
