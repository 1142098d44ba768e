package io.kumo.it.cost;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often a request goes to the kernel, counted by strace on the threads of the gateway and of
 * all servers. Skipped where strace is missing or may not look.
 */
class SystemCallTest {
  private static final int KEYS = 256;
  private static final int ROUNDS = 8;

  @TempDir Path directory;

  @Test
  void requestsThatComeTogetherShareSystemCalls() throws Exception {
    try (LocalCluster cluster = new LocalCluster(directory);
        Socket socket = new Socket()) {
      socket.connect(cluster.clientAddress());
      socket.setSoTimeout(30_000);
      socket.setTcpNoDelay(true);
      get(socket, 1);
      assertThat(callsPerGet(socket, "gateway", 1)).as("gateway, alone").isBetween(2.0, 14.0);
      assertThat(callsPerGet(socket, "server-", 1)).as("servers, alone").isBetween(1.0, 10.0);
      assertThat(callsPerGet(socket, "gateway", KEYS)).as("gateway, pipelined").isLessThan(0.5);
      assertThat(callsPerGet(socket, "server-", KEYS)).as("servers, pipelined").isLessThan(0.5);
    }
  }

  private double callsPerGet(Socket socket, String threads, int inFlight) throws Exception {
    Path summary = Files.createTempFile(directory, "strace", ".txt");
    List<String> command = new ArrayList<>(List.of("strace", "-c", "-o", summary.toString()));
    for (String id : threadIds(threads)) {
      command.addAll(List.of("-p", id));
    }
    Path messages = Files.createTempFile(directory, "strace", ".log");
    Process strace = start(command, messages);
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !strace.isAlive() || attached(messages) == (command.size() - 4) / 2);
      assumeTrue(strace.isAlive(), Files.readString(messages));
      for (int i = 0; i < ROUNDS; i++) {
        get(socket, inFlight);
      }
    } finally {
      strace.destroy();
      strace.waitFor(20, TimeUnit.SECONDS);
    }
    return total(summary) / (double) (ROUNDS * KEYS);
  }

  private static Process start(List<String> command, Path messages) throws IOException {
    try {
      return new ProcessBuilder(command).redirectError(messages.toFile()).start();
    } catch (IOException e) {
      assumeTrue(false, "strace is not installed");
      throw e;
    }
  }

  private static long attached(Path messages) throws IOException {
    return Files.readString(messages).lines().filter(line -> line.contains("attached")).count();
  }

  private static List<String> threadIds(String name) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      List<String> ids = new ArrayList<>();
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).startsWith(name)) {
          ids.add(task.getFileName().toString());
        }
      }
      return ids;
    }
  }

  /** The calls column of the last line: {@code 100.00 0.1 12 345 total}. */
  private static long total(Path summary) throws IOException {
    String line =
        Files.readString(summary)
            .lines()
            .filter(l -> l.endsWith(" total"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no total in " + summary));
    return Long.parseLong(line.trim().split(" +", -1)[3]);
  }

  /** A get for every key, so many at a time; all miss. */
  private static void get(Socket socket, int inFlight) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (int first = 0; first < KEYS; first += inFlight) {
      StringBuilder requests = new StringBuilder();
      for (int key = first; key < first + inFlight; key++) {
        requests.append("get key-").append(key).append("\r\n");
      }
      socket.getOutputStream().write(requests.toString().getBytes(US_ASCII));
      byte[] answer = new byte["END\r\n".length() * inFlight];
      in.readFully(answer);
      assertThat(new String(answer, US_ASCII)).isEqualTo("END\r\n".repeat(inFlight));
    }
  }
}
