package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.EmbeddedGateway;
import io.kumo.gateway.testing.RequestScript;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However the bytes of many requests are cut, and in whatever order the back end completes them,
 * the replies are those of one request after the other. Longer with {@code
 * -Dkumo.requests=1000000}.
 */
class StreamTest {
  private static final int MAX_SHORT_BYTES = 4000;
  private static final int ROUND = 50_000;
  private static final int REQUESTS = Integer.getInteger("kumo.requests", 3_000);

  static Stream<String> protocols() {
    return Stream.of("text", "meta", "binary");
  }

  private static byte[] script(String protocol, long seed, int requests) {
    return switch (protocol) {
      case "text" -> RequestScript.text(seed, requests);
      case "meta" -> RequestScript.meta(seed, requests);
      default -> RequestScript.binary(seed, requests);
    };
  }

  /** One request after the other: nothing is ever under way beside another. */
  private static byte[] expected(byte[] requests) {
    EmbeddedGateway gateway = new EmbeddedGateway(McSettings.DEFAULT, 1, true);
    EmbeddedGateway.Connection connection = gateway.connect();
    connection.send(requests, 0, requests.length);
    connection.settle();
    byte[] replies = connection.received();
    assertThat(connection.isOpen()).isTrue();
    connection.close();
    assertThat(gateway.leftovers()).isEmpty();
    return replies;
  }

  /** One without long values, so that there are not too many places to cut it at. */
  private static byte[] shortScript(String protocol) {
    return LongStream.range(11, 100)
        .mapToObj(seed -> script(protocol, seed, 40))
        .filter(requests -> requests.length < MAX_SHORT_BYTES)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void repliesAreTheSameForEveryCutInTwo(String protocol) {
    byte[] requests = shortScript(protocol);
    String expected = new String(expected(requests), ISO_8859_1);
    for (int cut = 0; cut <= requests.length; cut++) {
      EmbeddedGateway gateway = new EmbeddedGateway(McSettings.DEFAULT, cut, false);
      EmbeddedGateway.Connection connection = gateway.connect();
      connection.send(requests, 0, cut);
      connection.send(requests, cut, requests.length);
      connection.settle();
      assertThat(new String(connection.received(), ISO_8859_1))
          .as("cut at %s", cut)
          .isEqualTo(expected);
      connection.close();
      assertThat(gateway.leftovers()).as("cut at %s", cut).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void repliesAreTheSameByteByByte(String protocol) {
    byte[] requests = script(protocol, 12, 60);
    EmbeddedGateway gateway = new EmbeddedGateway(McSettings.DEFAULT, 1, false);
    EmbeddedGateway.Connection connection = gateway.connect();
    for (int i = 0; i < requests.length; i++) {
      connection.send(requests, i, i + 1);
    }
    connection.settle();
    assertSame(connection.received(), expected(requests));
    connection.close();
    assertThat(gateway.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void manyRequestsInRandomPiecesAreAnsweredInOrder(String protocol) {
    long bytes = 0;
    int rounds = (REQUESTS + ROUND - 1) / ROUND;
    for (int round = 0; round < rounds; round++) {
      int requests = Math.min(ROUND, REQUESTS - round * ROUND);
      bytes += assertAnsweredInOrder(script(protocol, 13 + round, requests), round);
    }
    System.out.println("stream " + protocol + ": " + REQUESTS + " requests, " + bytes + " bytes");
  }

  /** Returns the bytes of the replies. */
  private static long assertAnsweredInOrder(byte[] requests, long seed) {
    EmbeddedGateway gateway = new EmbeddedGateway(McSettings.DEFAULT, seed, false);
    EmbeddedGateway.Connection connection = gateway.connect();
    Random random = new Random(seed);
    int at = 0;
    while (at < requests.length) {
      int limit = random.nextInt(4) == 0 ? 65536 : 200;
      int end = Math.min(requests.length, at + 1 + random.nextInt(limit));
      connection.send(requests, at, end);
      at = end;
      if (random.nextInt(8) == 0) {
        connection.settle();
      }
    }
    connection.settle();
    byte[] received = connection.received();
    assertSame(received, expected(requests));
    connection.close();
    assertThat(gateway.leftovers()).isEmpty();
    return received.length;
  }

  /** Shows the place of the first difference instead of megabytes. */
  private static void assertSame(byte[] received, byte[] expected) {
    int at = Arrays.mismatch(received, expected);
    if (at >= 0) {
      int from = Math.max(0, at - 200);
      assertThat(excerpt(received, from))
          .as("from byte %s", from)
          .isEqualTo(excerpt(expected, from));
    }
  }

  private static String excerpt(byte[] bytes, int from) {
    return new String(bytes, from, Math.min(400, bytes.length - from), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aConnectionLostAtAnyMomentLeavesNothingBehind(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      byte[] requests = script(protocols().toList().get(random.nextInt(3)), random.nextLong(), 20);
      EmbeddedGateway gateway = new EmbeddedGateway(McSettings.DEFAULT, seed, false);
      EmbeddedGateway.Connection connection = gateway.connect();
      connection.send(requests, 0, random.nextInt(requests.length));
      connection.close();
      assertThat(gateway.leftovers()).isEmpty();
    }
  }
}
