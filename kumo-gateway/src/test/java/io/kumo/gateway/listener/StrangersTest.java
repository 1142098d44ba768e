package io.kumo.gateway.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.testing.TestCertificates;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.RequestScript;
import io.kumo.gateway.testing.TestGateway;
import io.kumo.gateway.testing.TestUsers;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What strangers can do at a port for clients that asks who they are: nothing is read or changed,
 * what they hold is bounded, and honest clients are served meanwhile.
 */
class StrangersTest {
  private static final int CONNECTIONS = 64;

  /** A quarter of what those whose connections are open have sent. */
  private static final long MAX_GROWTH_BYTES = 8 << 20;

  private static final String LOGIN = "set x 0 0 12\r\nalice secret\r\n";

  @TempDir Path directory;

  private final UserFile users = TestUsers.alice();
  private TestGateway gateway;

  private void start(TestGateway.Setup setup) {
    gateway =
        TestGateway.start(
            setup
                .with(() -> users)
                .with(new ClientLimits(4096, 64 << 20, 128 << 20, 0, CONNECTIONS)));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private long count(GatewayMetric metric) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(metric));
  }

  private RawClient honest() throws IOException {
    RawClient client = gateway.client();
    client.send(LOGIN);
    assertThat(client.line()).isEqualTo("STORED\r\n");
    return client;
  }

  static Stream<String> attempts() {
    Random random = new Random(5);
    byte[] noise = new byte[100_000];
    random.nextBytes(noise);
    String get = text(BinaryMessage.request(0, "k", "", ""));
    String set = text(BinaryMessage.request(1, "k", BinaryMessage.store(0, 0), "stolen"));
    String wrong = text(BinaryMessage.request(0x21, "PLAIN", "", "\0alice\0wrong"));
    return Stream.of(
        new String(noise, ISO_8859_1),
        "\u0080" + new String(noise, ISO_8859_1),
        "GET /keys/k HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "\0".repeat(500),
        "set k 0 0 6\r\nstolen\r\nget k\r\nflush_all\r\ndelete k\r\nquit\r\n",
        "mg k v\r\nms k 6\r\nstolen\r\nmd k\r\n",
        "get " + "k ".repeat(100_000) + "\r\n",
        "set k 0 0 100000000\r\n" + "x".repeat(100_000),
        "set x 0 0 12\r\nalice wrong!\r\nget k\r\n",
        "set x 0 0 12\r\nALICE secret\r\nset k 0 0 6\r\nstolen\r\n",
        get + set,
        set,
        wrong + get,
        wrong.repeat(3) + set,
        text(BinaryMessage.request(0x22, "PLAIN", "", "\0alice\0secret")) + get,
        text(BinaryMessage.request(0x21, "PLAIN", "", "x".repeat(500_000))) + get,
        new String(RequestScript.text(3, 50), ISO_8859_1),
        new String(RequestScript.binary(3, 50), ISO_8859_1),
        new String(RequestScript.meta(3, 50), ISO_8859_1));
  }

  private static String text(BinaryMessage message) {
    return new String(message.encoded(), ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("attempts")
  void nothingIsReadOrChanged(String attempt) throws IOException {
    start(TestGateway.Setup.DEFAULT);
    try (RawClient honest = honest()) {
      assertThat(honest.ask("set k 0 0 5\r\nsafe!\r\n")).isEqualTo("STORED\r\n");
      try (RawClient stranger = gateway.client()) {
        sendAsFarAsItGoes(stranger, attempt);
        assertThat(stranger.restOrReset()).doesNotContain("safe!", "STORED", "DELETED", "HD");
      }
      assertThat(honest.ask("get k\r\n")).isEqualTo("VALUE k 0 5\r\nsafe!\r\nEND\r\n");
    }
    await().until(() -> gateway.onLoop(() -> gateway.clientLoop().bytesInFlight()) == 0);
    assertThat(count(GatewayMetric.CMD_SET)).isEqualTo(1);
    assertThat(count(GatewayMetric.CMD_GET)).isEqualTo(1);
    assertThat(count(GatewayMetric.BUGS)).isZero();
  }

  private static void sendAsFarAsItGoes(RawClient client, String bytes) throws IOException {
    try {
      client.send(bytes);
      client.endInput();
    } catch (SocketException e) {
      assertThat(e).as("the gateway has closed").hasMessageMatching("(?s).*(reset|pipe|abort).*");
    }
  }

  /** Values without an end, from far more connections than there may be, and none is closed. */
  @Test
  void whatTheyHaveTheGatewayHoldIsBounded() throws IOException {
    start(TestGateway.Setup.DEFAULT);
    String value = "x".repeat(2 << 20);
    List<String> attempts =
        List.of(
            "set k 0 0 100000000\r\n" + value,
            text(BinaryMessage.request(0x21, "PLAIN", "", value)),
            value);
    List<RawClient> strangers = new ArrayList<>();
    try (RawClient honest = honest()) {
      long heapBefore = heapBytes();
      long directBefore = directBytes();
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        RawClient stranger = gateway.client();
        strangers.add(stranger);
        sendAsFarAsTaken(stranger, attempts.get(i % attempts.size()));
      }
      assertThat(honest.ask("get k\r\n")).isEqualTo("END\r\n");
      assertThat(heapBytes() - heapBefore).as("heap").isLessThan(MAX_GROWTH_BYTES);
      assertThat(directBytes() - directBefore).as("direct").isLessThan(MAX_GROWTH_BYTES);
    } finally {
      for (RawClient stranger : strangers) {
        stranger.close();
      }
    }
  }

  /** What is reachable, as the heap's pools have it after a collection. */
  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  /** Of the JDK's buffers, and of Netty's, which are no buffers to the JDK. */
  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum()
        + Math.max(0, PlatformDependent.usedDirectMemory());
  }

  private static void sendAsFarAsTaken(RawClient client, String bytes) throws IOException {
    try {
      client.send(bytes);
    } catch (SocketException e) {
      assertThat(e).as("the gateway has closed").hasMessageMatching("(?s).*(reset|pipe|abort).*");
    }
  }

  @Test
  void thoseWhoWaitWithHalfARequestKeepNobodyOut() throws IOException {
    start(TestGateway.Setup.DEFAULT);
    List<RawClient> strangers = new ArrayList<>();
    try (RawClient before = honest()) {
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        RawClient stranger = gateway.client();
        strangers.add(stranger);
        stranger.send(i % 2 == 0 ? "set x 0 0 3000\r\n" + "a".repeat(2000) : "\u0080!");
        if (i % 16 == 0) {
          try (RawClient during = honest()) {
            assertThat(during.ask("get k\r\n")).isEqualTo("END\r\n");
          }
        }
      }
      assertThat(before.ask("get k\r\n")).isEqualTo("END\r\n");
      assertThat(count(GatewayMetric.CURR_CONNECTIONS)).isLessThanOrEqualTo(CONNECTIONS / 4 + 1);
      assertThat(count(GatewayMetric.REJECTED_CONNECTIONS)).isZero();
      assertThat(count(GatewayMetric.STRANGERS_CLOSED)).isGreaterThan(CONNECTIONS);
      long held = gateway.onLoop(() -> gateway.clientLoop().bytesInFlight());
      assertThat(held).isLessThan(CONNECTIONS * 32 * 1024L);
    } finally {
      for (RawClient stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void guessersAreToldNothingAndKeepNobodyWaiting() throws IOException {
    start(TestGateway.Setup.DEFAULT);
    List<RawClient> guessers = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS / 4; i++) {
        RawClient guesser = gateway.client();
        guessers.add(guesser);
        String name = i % 2 == 0 ? "alice" : "nobod";
        guesser.send("set x 0 0 12\r\n" + name + " guess!\r\n");
      }
      try (RawClient honest = honest()) {
        assertThat(honest.ask("get k\r\n")).isEqualTo("END\r\n");
      }
      for (RawClient guesser : guessers.subList(1, guessers.size())) {
        assertThat(guesser.line()).isEqualTo("CLIENT_ERROR authentication failure\r\n");
      }
    } finally {
      for (RawClient guesser : guessers) {
        guesser.close();
      }
    }
  }

  @Test
  void whoDoesNotEndTheHandshakeKeepsNobodyOut() throws IOException {
    ServerTls tls =
        ServerTls.open(
            "clients",
            TestCertificates.copy("node", directory),
            ClientCertificates.NONE,
            TimeSource.system(),
            new Reloads(new SecurityMetrics()));
    start(TestGateway.Setup.DEFAULT.with(tls));
    List<RawClient> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        RawClient stranger = gateway.client();
        strangers.add(stranger);
        stranger.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000");
      }
      await().until(() -> count(GatewayMetric.TOTAL_CONNECTIONS) == 4 * CONNECTIONS);
      assertThat(count(GatewayMetric.CURR_CONNECTIONS)).isLessThanOrEqualTo(CONNECTIONS / 4);
      assertThat(count(GatewayMetric.REJECTED_CONNECTIONS)).isZero();
      assertThat(count(GatewayMetric.BUGS)).isZero();
    } finally {
      for (RawClient stranger : strangers) {
        stranger.close();
      }
    }
  }
}
