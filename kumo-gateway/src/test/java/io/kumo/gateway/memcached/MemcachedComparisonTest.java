package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes to a real memcached and to the gateway must be answered by the same bytes. Skipped
 * where there is no {@code /usr/bin/memcached}; the texts are those of 1.6.18.
 */
class MemcachedComparisonTest {
  private static final Path PROGRAM = Path.of("/usr/bin/memcached");
  private static final Path EXCHANGES = Path.of("src/test/resources/comparison/text-and-meta.txt");
  private static Process memcached;
  private static int port;
  private static TestGateway gateway;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Files.isExecutable(PROGRAM), "no memcached to compare with");
    port = freePort();
    memcached =
        new ProcessBuilder(
                PROGRAM.toString(),
                "-u",
                "nobody",
                "-l",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (RawClient client = new RawClient(port)) {
                String version = client.ask("version\r\n");
                assumeTrue(version.equals("VERSION 1.6.18\r\n"), "not the version compared with");
              }
            });
    gateway = TestGateway.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (gateway != null) {
      gateway.close();
    }
    if (memcached != null) {
      memcached.destroy();
      memcached.waitFor(5, TimeUnit.SECONDS);
    }
  }

  static List<String> exchanges() throws IOException {
    return Files.readAllLines(EXCHANGES).stream().filter(line -> !line.startsWith("#")).toList();
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void answersAsMemcachedDoes(String exchange) throws IOException {
    String key = "key" + ++number;
    String request = bytes(exchange, key);
    try (RawClient theirs = new RawClient(port);
        RawClient ours = gateway.client()) {
      assertThat(ours.ask(request)).isEqualTo(theirs.ask(request));
    }
  }

  private static String bytes(String exchange, String key) {
    String base64 = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.US_ASCII));
    return exchange
        .replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\0", "\0")
        .replace("{k}", key)
        .replace("{b64}", base64)
        .replace("{long}", "x".repeat(251))
        .replace("{big}", "x".repeat(2_000_000));
  }
}
