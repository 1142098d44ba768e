package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.BesideMemcached;
import io.kumo.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes to a real memcached and to the gateway must be answered by the same bytes. Skipped
 * where there is no {@code /usr/bin/memcached}; the texts are those of 1.6.18.
 */
class MemcachedComparisonTest {
  private static final Path EXCHANGES = Path.of("src/test/resources/comparison/text-and-meta.txt");
  private static BesideMemcached both;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    both = BesideMemcached.start();
  }

  @AfterAll
  static void stop() {
    if (both != null) {
      both.close();
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
    try (RawClient theirs = both.theirs();
        RawClient ours = both.ours()) {
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
