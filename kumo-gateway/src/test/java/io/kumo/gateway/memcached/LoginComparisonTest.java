package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.UserFile;
import io.kumo.gateway.testing.BesideMemcached;
import io.kumo.gateway.testing.Memcached;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a memcached started with {@code -Y} says to clients that have not said who they are, the
 * gateway says, byte for byte. Skipped where there is no {@code /usr/bin/memcached}.
 */
class LoginComparisonTest {
  private static final Path EXCHANGES = Path.of("src/test/resources/comparison/login.txt");
  private static final Pattern BIG = Pattern.compile("\\{big:(\\d+)}");
  private static BesideMemcached both;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("users");
    Files.writeString(file, "alice:secret\nbob:pass word\ncarol:\n");
    Memcached memcached = Memcached.start(Map.of(), "-Y", file.toString());
    UserFile users = UserFile.parse(Files.readAllBytes(file));
    both = BesideMemcached.start(memcached, TestGateway.Setup.DEFAULT.with(() -> users));
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
    try (RawClient theirs = both.theirs();
        RawClient ours = both.ours()) {
      assertThat(answers(ours, exchange)).isEqualTo(answers(theirs, exchange));
    }
  }

  private static List<String> answers(RawClient client, String exchange) throws IOException {
    List<String> answers = new ArrayList<>();
    for (String step : exchange.split("\\|", -1)) {
      boolean goesOn = step.endsWith("~");
      client.send(bytes(goesOn ? step.substring(0, step.length() - 1) : step));
      if (!goesOn) {
        answers.add(client.lineOrEnd());
      }
    }
    return answers;
  }

  private static String bytes(String step) {
    String text =
        step.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
    return BIG.matcher(text).replaceAll(big -> "a".repeat(Integer.parseInt(big.group(1))));
  }
}
