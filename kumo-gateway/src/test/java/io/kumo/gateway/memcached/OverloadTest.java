package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Clients that leave things undone make the gateway hold a bounded amount, and nobody else wait.
 */
class OverloadTest {
  private static final long TOTAL_BYTES = 8 << 20;
  private static final int VALUE_BYTES = 1_000_000;
  private static final String OUT_OF_MEMORY = "SERVER_ERROR out of memory storing object\r\n";

  private static final ClientLimits LIMITS =
      new ClientLimits(4096, 4 << 20, TOTAL_BYTES, 0, 1024, 1 << 20, 512);

  private static long count(TestGateway gateway, GatewayMetric metric) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(metric));
  }

  private static long held(TestGateway gateway) {
    return gateway.onLoop(() -> gateway.clientLoop().bytesInFlight());
  }

  private static void closeAll(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private static void othersAreServed(TestGateway gateway, int times) throws IOException {
    String large = "y".repeat(VALUE_BYTES);
    try (RawClient other = gateway.client()) {
      for (int i = 0; i < times; i++) {
        assertThat(other.ask("set small 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
        assertThat(other.ask("get small\r\n")).isEqualTo("VALUE small 0 1\r\nx\r\nEND\r\n");
        assertThat(held(gateway)).isLessThanOrEqualTo(TOTAL_BYTES);
      }
      await()
          .until(
              () ->
                  other
                      .ask("set large 0 0 " + VALUE_BYTES + "\r\n" + large + "\r\n")
                      .equals("STORED\r\n"));
      assertThat(other.ask("get large\r\n")).endsWith("\r\nEND\r\n");
    }
  }

  @Test
  void unfinishedUploadsLeaveRoomForOthers() throws IOException {
    List<RawClient> silent = new ArrayList<>();
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, LIMITS)) {
      for (int i = 0; i < 40; i++) {
        RawClient client = gateway.client();
        silent.add(client);
        client.sendUnread("set h" + i + " 0 0 1048576\r\n" + "x".repeat(VALUE_BYTES));
      }
      othersAreServed(gateway, 100);
      await().until(() -> count(gateway, GatewayMetric.UPLOADS_GIVEN_UP) > 0);
      closeAll(silent);
      await().until(() -> held(gateway) == 0);
    }
  }

  @Test
  void uploadsThatAreReadInSharesAreAllFinished() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    String rest = "x".repeat(VALUE_BYTES - 1) + "\r\n";
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, ClientLimits.DEFAULT)) {
      for (int i = 0; i < 20; i++) {
        RawClient client = gateway.client();
        clients.add(client);
        client.send("set h" + i + " 0 0 " + VALUE_BYTES + "\r\nx");
      }
      othersAreServed(gateway, 10);
      for (RawClient client : clients) {
        client.send(rest + "get none\r\n");
      }
      for (RawClient client : clients) {
        assertThat(client.receive(13)).isEqualTo("STORED\r\nEND\r\n");
      }
      closeAll(clients);
      await().until(() -> held(gateway) == 0);
    }
  }

  @Test
  void oneThatIsGivenUpIsToldSoAndGoesOn() throws IOException {
    ClientLimits little = new ClientLimits(4096, 1 << 20, 3 << 19, 0, 1024, 1 << 20, 512);
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, little);
        RawClient slow = gateway.client();
        RawClient other = gateway.client()) {
      slow.send("get none\r\nset h 0 0 1000000\r\n" + "x".repeat(900_000));
      assertThat(slow.line()).isEqualTo("END\r\n");
      await().until(() -> held(gateway) >= 900_000);
      other.send("set o 0 0 900000\r\n" + "y".repeat(900_000) + "\r\n");
      assertThat(slow.line()).isEqualTo(OUT_OF_MEMORY);
      assertThat(other.line()).isEqualTo("STORED\r\n");
      slow.send("x".repeat(100_000) + "\r\nget h\r\n");
      assertThat(slow.line()).isEqualTo("END\r\n");
    }
  }

  @Test
  void longLinesWithoutAnEndAreCountedToo() throws IOException {
    ClientLimits little = new ClientLimits(4096, 1 << 20, 4 << 20, 0, 1024, 1 << 20, 512);
    String keys = " k".repeat(400_000);
    List<RawClient> silent = new ArrayList<>();
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, little)) {
      for (int i = 0; i < 12; i++) {
        RawClient client = gateway.client();
        silent.add(client);
        client.sendUnread("get" + keys);
      }
      await().until(() -> count(gateway, GatewayMetric.MEMORY_KICKS) > 0);
      try (RawClient other = gateway.client()) {
        assertThat(other.ask("get k\r\n")).isEqualTo("END\r\n");
      }
      assertThat(held(gateway)).isLessThanOrEqualTo(4 << 20);
      closeAll(silent);
    }
  }

  @Test
  void clientsThatDoNotReadLeaveRoomForOthers() throws IOException {
    List<RawClient> deaf = new ArrayList<>();
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, LIMITS)) {
      try (RawClient first = gateway.client()) {
        String value = "x".repeat(VALUE_BYTES);
        assertThat(first.ask("set big 0 0 " + VALUE_BYTES + "\r\n" + value + "\r\n"))
            .isEqualTo("STORED\r\n");
      }
      for (int i = 0; i < 40; i++) {
        RawClient client = gateway.client();
        deaf.add(client);
        client.send("get big\r\n".repeat(20));
      }
      othersAreServed(gateway, 100);
      assertThat(count(gateway, GatewayMetric.LARGE_READS)).isPositive();
      assertThat(count(gateway, GatewayMetric.UNREAD_BYTES)).isBetween(1L, held(gateway));
      closeAll(deaf);
      await().until(() -> held(gateway) == 0);
      assertThat(count(gateway, GatewayMetric.UNREAD_BYTES)).isZero();
      assertThat(gateway.onLoop(() -> gateway.pool().inUse())).isZero();
    }
  }

  @Test
  void aReadOfMoreThanOneClientMayHoldIsRefused() throws IOException {
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, LIMITS);
        RawClient client = gateway.client()) {
      String value = "x".repeat(VALUE_BYTES);
      client.ask("set big 0 0 " + VALUE_BYTES + "\r\n" + value + "\r\n");
      assertThat(client.ask("get" + " big".repeat(20) + "\r\n"))
          .isEqualTo("SERVER_ERROR out of memory writing get response\r\n");
      assertThat(client.ask("get big\r\n")).endsWith("\r\nEND\r\n");
    }
  }

  @Test
  void manyRequestsAtOnceLetOthersGoFirst() throws IOException {
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, ClientLimits.DEFAULT);
        RawClient busy = gateway.client();
        RawClient other = gateway.client()) {
      assertThat(busy.ask("set k 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
      busy.sendUnread("mg k v q\r\n".repeat(20_000) + "get none none\r\n".repeat(5_000) + "mn\r\n");
      for (int i = 0; i < 20; i++) {
        assertThat(other.ask("get k\r\n")).isEqualTo("VALUE k 0 1\r\nx\r\nEND\r\n");
      }
      String hit = "VA 1\r\nx\r\n";
      for (int i = 0; i < 20_000; i++) {
        assertThat(busy.receive(hit.length())).isEqualTo(hit);
      }
      assertThat(busy.receive(5 * 5_000)).isEqualTo("END\r\n".repeat(5_000));
      assertThat(busy.line()).isEqualTo("MN\r\n");
      assertThat(count(gateway, GatewayMetric.CONN_YIELDS)).isPositive();
    }
  }
}
