package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.BesideMemcached;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every opcode with every combination of lengths, to a real memcached and to the gateway: the same
 * statuses in the same order, and the connection ends, or does not, after the same request.
 */
class BinaryComparisonTest {
  private static final int MARKER = 77;
  private static final int NOOP = 0x0a;
  private static final int STAT = 0x10;

  /** A flush needs leave here, this back end has no statistics, authentication is unknown. */
  private static final List<Integer> DIFFERENT = List.of(0x08, STAT, 0x18, 0x20, 0x21, 0x22);

  /** Memcached takes a value behind them for the next request. */
  private static final List<Integer> MISREAD = List.of(0x1c, 0x1d, 0x1e, 0x23, 0x24);

  /** Unknown to memcached, which waits for ever once one of them has brought a body. */
  private static final List<Integer> UNKNOWN = List.of(0x1b, 0x1f, 0x25, 0x40, 0xff);

  private static BesideMemcached both;

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

  static IntStream knownOpcodes() {
    return IntStream.range(0, 0x25)
        .filter(code -> !DIFFERENT.contains(code) && !UNKNOWN.contains(code));
  }

  @ParameterizedTest
  @MethodSource("knownOpcodes")
  void answersEveryShapeAsMemcachedDoes(int opcode) {
    for (int extras : new int[] {0, 4, 8, 20}) {
      for (String key : new String[] {"", "key" + opcode + "-" + extras}) {
        for (String value : MISREAD.contains(opcode) ? List.of("") : List.of("", "1")) {
          compare(BinaryMessage.request(opcode, key, "\0".repeat(extras), value));
        }
      }
    }
  }

  @Test
  void anOpcodeThatMemcachedDoesNotKnowLeavesTheConnection() {
    UNKNOWN.forEach(opcode -> compare(BinaryMessage.request(opcode, "", "", "")));
  }

  private static void compare(BinaryMessage request) {
    List<String> theirs = ask(both.theirPort(), request);
    assertThat(ask(both.ourPort(), request)).as("%s", request).isEqualTo(theirs);
  }

  /** What comes before the answer to the marker, or before the end of the connection. */
  private static List<String> ask(int port, BinaryMessage request) {
    List<String> answers = new ArrayList<>();
    try (RawClient client = new RawClient(port)) {
      client.send(request.encoded());
      client.send(BinaryMessage.request(NOOP, "", "", "").withOpaque(MARKER).encoded());
      BinaryMessage reply = BinaryMessage.read(client);
      while (reply.opaque() != MARKER) {
        answers.add("opcode %x status %x".formatted(reply.opcode(), reply.status()));
        reply = BinaryMessage.read(client);
      }
    } catch (IOException e) {
      answers.add("the connection ended");
    }
    return answers;
  }
}
