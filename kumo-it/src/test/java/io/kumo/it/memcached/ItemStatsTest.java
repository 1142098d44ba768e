package io.kumo.it.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code stats} says of the items of a cluster, and of what monitoring plugins ask for. */
class ItemStatsTest {
  private static final McSettings WITH_FLUSH =
      new McSettings("1.6.27", 1 << 20, 100_000, true, false);
  private static final int ITEMS = 300;

  @TempDir Path directory;

  private LocalCluster cluster;
  private Wire client;

  @BeforeEach
  void up() throws IOException {
    cluster = new LocalCluster(directory);
    client =
        new Wire(
            cluster.startGateway(config -> config.withClients(WITH_FLUSH, ClientLimits.DEFAULT)));
  }

  @AfterEach
  void down() throws IOException {
    client.close();
    cluster.close();
  }

  private void expect(String request, String reply) throws IOException {
    client.send(request);
    assertThat(client.line()).as(request).isEqualTo(reply);
  }

  private void awaitItems(long items) {
    await()
        .untilAsserted(
            () -> assertThat(Statistics.of(client).number("curr_items")).isEqualTo(items));
  }

  @Test
  void everyLiveItemIsCountedOnce() throws IOException {
    awaitItems(0);
    for (int i = 0; i < ITEMS; i++) {
      expect("set key" + i + " 0 0 100\r\n" + "x".repeat(100) + "\r\n", "STORED");
    }
    awaitItems(ITEMS);
    Statistics full = Statistics.of(client);
    assertThat(full.number("bytes")).isBetween(ITEMS * 100L, ITEMS * 150L);
    assertThat(full.number("limit_maxbytes")).isGreaterThan(full.number("bytes"));
    assertThat(full.number("total_items")).isEqualTo(ITEMS);
    for (int i = 0; i < 100; i++) {
      expect("delete key" + i + "\r\n", "DELETED");
      expect("set key" + (100 + i) + " 0 0 1\r\ny\r\n", "STORED");
    }
    awaitItems(ITEMS - 100);
    expect("set short 0 1 1\r\nx\r\n", "STORED");
    awaitItems(ITEMS - 100);
    expect("flush_all\r\n", "OK");
    awaitItems(0);
    assertThat(Statistics.of(client).number("bytes")).isZero();
    expect("set key150 0 0 1\r\nx\r\n", "STORED");
    awaitItems(1);
  }

  @Test
  void hasWhatMonitoringPluginsAskFor() throws IOException {
    Statistics stats = Statistics.of(client);
    assertThat(stats.lines())
        .containsKeys("listen_disabled_num", "conn_yields", "total_items", "evictions")
        .containsEntry("reclaimed", "0")
        .containsEntry("expired_unfetched", "0")
        .containsEntry("auth_cmds", "0")
        .containsEntry("auth_errors", "0")
        .containsEntry("connection_structures", stats.text("curr_connections"));
    assertThat(stats.text("rusage_user")).matches("\\d+\\.\\d{6}").isNotEqualTo("0.000000");
    assertThat(stats.text("rusage_system")).matches("\\d+\\.\\d{6}").isNotEqualTo("0.000000");
  }
}
