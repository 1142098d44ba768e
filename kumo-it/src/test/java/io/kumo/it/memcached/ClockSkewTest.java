package io.kumo.it.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a gateway's clock says, items live as long as the servers' clocks say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockSkewTest {
  @TempDir static Path directory;

  private LocalCluster cluster;

  @BeforeAll
  void up() throws IOException {
    cluster = new LocalCluster(directory);
  }

  @AfterAll
  void down() {
    cluster.close();
  }

  /** The system's clock, set wrong. */
  private record WrongClock(long aheadSeconds) implements TimeSource {
    @Override
    public long unixMillis() {
      return TimeSource.system().unixMillis() + aheadSeconds * 1000;
    }

    @Override
    public long nanoTime() {
      return TimeSource.system().nanoTime();
    }
  }

  /** No time here comes near the minute by which the clock is wrong, on a busy machine either. */
  @ParameterizedTest
  @CsvSource({"-60, 0", "60, 0", "-60, 16777216", "60, 16777216"})
  void aGatewaysClockDoesNotMatter(long aheadSeconds, long nearCacheBytes) throws Exception {
    InetSocketAddress address =
        cluster.startGateway(
            config -> config.withNearCache(nearCacheBytes), new WrongClock(aheadSeconds));
    String key = "key" + aheadSeconds + "-" + nearCacheBytes;
    try (Wire client = new Wire(address);
        Wire right = new Wire(cluster.clientAddress())) {
      expect(client, "add " + key + " 0 50 1\r\nx\r\n", "STORED");
      expect(client, "add " + key + " 0 50 1\r\ny\r\n", "NOT_STORED");
      expect(right, "add " + key + " 0 50 1\r\ny\r\n", "NOT_STORED");
      expect(client, "mg " + key + "\r\n", "HD");
      expect(client, "mg " + key + "\r\n", "HD");
      expect(right, "mg " + key + "\r\n", "HD");
      expect(client, "touch " + key + " 50\r\n", "TOUCHED");
      expect(client, "mg " + key + "\r\n", "HD");
      expect(client, "touch " + key + " 1\r\n", "TOUCHED");
      await()
          .atMost(Duration.ofSeconds(50))
          .until(() -> ask(right, "mg " + key + "\r\n").equals("EN"));
      expect(client, "mg " + key + "\r\n", "EN");
      expect(client, "add " + key + " 0 0 1\r\nz\r\n", "STORED");
      expect(client, "ms " + key + " 1 T-1\r\nx\r\n", "HD");
      expect(right, "mg " + key + "\r\n", "EN");
    }
  }

  @ParameterizedTest
  @CsvSource({"-60, -61000, -59000", "60, 59000, 61000", "0, 0, 0"})
  void aGatewayMeasuresHowFarItsClockIsOff(long aheadSeconds, long least, long most)
      throws Exception {
    InetSocketAddress address =
        cluster.startGateway(config -> config, new WrongClock(aheadSeconds));
    try (Wire client = new Wire(address)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(Statistics.of(client).number("clock_ahead_millis"))
                      .isBetween(least, most));
      expect(client, "set measured 0 1000 1\r\nx\r\n", "STORED");
      String reply = ask(client, "mg measured t\r\n");
      assertThat(reply).matches("HD t(9[5-9]\\d|100[01])");
    }
  }

  private static String ask(Wire client, String request) throws IOException {
    client.send(request);
    return client.line();
  }

  private static void expect(Wire client, String request, String reply) throws IOException {
    assertThat(ask(client, request)).as(request).isEqualTo(reply);
  }
}
