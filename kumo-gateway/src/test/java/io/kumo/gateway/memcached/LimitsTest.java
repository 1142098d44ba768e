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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one client asks of the gateway is bounded, and its neighbours are served on. */
class LimitsTest {
  private static long count(TestGateway gateway, GatewayMetric counter) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(counter));
  }

  private static ClientLimits limits(int commands, long bytes, long totalBytes) {
    return new ClientLimits(commands, bytes, totalBytes, 0, 1024);
  }

  /** Keeps every command until told to answer. */
  private static final class Holding implements CommandExecutor {
    private final List<McCommand> held = new ArrayList<>();
    private boolean open;

    @Override
    public void execute(McCommand command) {
      if (open) {
        command.complete(McStatus.STORED);
      } else {
        held.add(command);
      }
    }

    int held() {
      return held.size();
    }

    void answerAll() {
      open = true;
      List<McCommand> all = List.copyOf(held);
      held.clear();
      all.forEach(command -> command.complete(McStatus.STORED));
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws IOException {
    ClientLimits two = new ClientLimits(10, 1 << 20, 1 << 20, 0, 2);
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, two);
        RawClient first = gateway.client()) {
      assertThat(first.ask("")).isEmpty();
      try (RawClient second = gateway.client()) {
        assertThat(second.ask("")).isEmpty();
        try (RawClient third = gateway.client()) {
          assertThat(third.rest()).isEqualTo("ERROR Too many open connections\r\n");
        }
        assertThat(count(gateway, GatewayMetric.REJECTED_CONNECTIONS)).isEqualTo(1);
        assertThat(first.ask("get a\r\n")).isEqualTo("END\r\n");
      }
      await().until(() -> gateway.onLoop(() -> gateway.clientLoop().connections().size()) == 1);
      try (RawClient fourth = gateway.client()) {
        assertThat(fourth.ask("get a\r\n")).isEqualTo("END\r\n");
      }
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    ClientLimits idle =
        new ClientLimits(10, 1 << 20, 1 << 20, TimeUnit.MILLISECONDS.toNanos(50), 10);
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, idle);
        RawClient client = gateway.client()) {
      assertThat(client.ask("")).isEmpty();
      await()
          .untilAsserted(
              () -> {
                gateway.onLoop(
                    () -> {
                      gateway.clientLoop().closeIdle();
                      return 0;
                    });
                assertThat(count(gateway, GatewayMetric.IDLE_KICKS)).isEqualTo(1);
              });
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aClientWithTooManyRequestsUnderWayIsReadNoFurther() throws IOException {
    Holding backEnd = new Holding();
    try (TestGateway gateway = TestGateway.start(limits(8, 1 << 20, 1 << 20), backEnd);
        RawClient client = gateway.client()) {
      StringBuilder sets = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        sets.append("set key").append(i).append(" 0 0 1\r\nx\r\n");
      }
      client.send(sets.toString());
      await().until(() -> gateway.onLoop(backEnd::held) == 8);
      assertThat(count(gateway, GatewayMetric.LIMIT_PAUSES)).isPositive();
      gateway.onLoop(
          () -> {
            backEnd.answerAll();
            return 0;
          });
      assertThat(client.receive(100 * 8)).isEqualTo("STORED\r\n".repeat(100));
    }
  }

  @Test
  void aClientThatHoldsTooManyBytesIsReadNoFurther() throws IOException {
    Holding backEnd = new Holding();
    try (TestGateway gateway = TestGateway.start(limits(1000, 100_000, 1 << 20), backEnd);
        RawClient client = gateway.client()) {
      String value = "x".repeat(20_000);
      for (int i = 0; i < 10; i++) {
        client.send("set key" + i + " 0 0 20000\r\n" + value + "\r\n");
      }
      await().until(() -> gateway.onLoop(backEnd::held) >= 5);
      assertThat(gateway.onLoop(backEnd::held)).isEqualTo(5);
      gateway.onLoop(
          () -> {
            backEnd.answerAll();
            return 0;
          });
      assertThat(client.receive(10 * 8)).isEqualTo("STORED\r\n".repeat(10));
      assertThat(gateway.onLoop(() -> gateway.clientLoop().bytesInFlight())).isZero();
    }
  }

  @Test
  void theBytesOfAllClientsTogetherAreBounded() throws IOException {
    Holding backEnd = new Holding();
    try (TestGateway gateway = TestGateway.start(limits(1000, 1 << 20, 600_000), backEnd);
        RawClient one = gateway.client();
        RawClient two = gateway.client()) {
      String value = "x".repeat(20_000);
      for (int i = 0; i < 20; i++) {
        one.send("set one" + i + " 0 0 20000\r\n" + value + "\r\n");
        two.send("set two" + i + " 0 0 20000\r\n" + value + "\r\n");
      }
      await().until(() -> gateway.onLoop(backEnd::held) >= 10);
      await().until(() -> count(gateway, GatewayMetric.LIMIT_PAUSES) >= 2);
      assertThat(gateway.onLoop(backEnd::held)).isLessThan(600_000 / 20_000);
      gateway.onLoop(
          () -> {
            backEnd.answerAll();
            return 0;
          });
      assertThat(one.receive(20 * 8)).isEqualTo("STORED\r\n".repeat(20));
      assertThat(two.receive(20 * 8)).isEqualTo("STORED\r\n".repeat(20));
    }
  }

  @Test
  void theBoundOnUnreadRepliesIsAnOption() throws IOException {
    ClientLimits little = new ClientLimits(100_000, 1L << 30, 1L << 30, 0, 10, 4096, 512);
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, little);
        RawClient slow = gateway.client()) {
      int length = 500_000;
      slow.ask("set a 0 0 " + length + "\r\n" + "x".repeat(length) + "\r\n");
      slow.send("get a\r\n".repeat(100));
      await().until(() -> count(gateway, GatewayMetric.SLOW_READER_PAUSES) > 0);
      String reply = "VALUE a 0 " + length + "\r\n" + "x".repeat(length) + "\r\nEND\r\n";
      for (int i = 0; i < 100; i++) {
        assertThat(slow.receive(reply.length())).isEqualTo(reply);
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsReadNoFurtherAndOthersAreServed() throws IOException {
    try (TestGateway gateway = TestGateway.start(McSettings.DEFAULT, ClientLimits.DEFAULT);
        RawClient slow = gateway.client();
        RawClient other = gateway.client()) {
      int length = 300_000;
      slow.ask("set a 0 0 " + length + "\r\n" + "x".repeat(length) + "\r\n");
      int gets = 600;
      slow.send("get a\r\n".repeat(gets));
      await().until(() -> count(gateway, GatewayMetric.CLIENT_READ_WAITS) > 0);
      assertThat(other.ask("get b\r\n")).isEqualTo("END\r\n");
      String reply = "VALUE a 0 " + length + "\r\n" + "x".repeat(length) + "\r\nEND\r\n";
      for (int i = 0; i < gets; i++) {
        assertThat(slow.receive(reply.length())).isEqualTo(reply);
      }
      await().until(() -> gateway.onLoop(() -> gateway.clientLoop().bytesInFlight()) == 0);
    }
  }

  @Test
  void tooManyKeysInOneGetAreRefused() throws IOException {
    McSettings few = new McSettings("1.6.27", 1 << 20, 30, false, false);
    try (TestGateway gateway = TestGateway.start(few, ClientLimits.DEFAULT);
        RawClient client = gateway.client()) {
      assertThat(client.ask("get" + " k".repeat(30) + "\r\n")).isEqualTo("END\r\n");
      assertThat(client.ask("get" + " k".repeat(31) + "\r\n"))
          .isEqualTo("CLIENT_ERROR too many keys in one get\r\n");
      assertThat(client.ask("get k\r\n")).isEqualTo("END\r\n");
    }
  }

  @Test
  void aTooLargeValueTakesTheOldOneWithItWhereThatIsAskedFor() throws IOException {
    McSettings dropping = new McSettings("1.6.27", 100, 30, false, true);
    try (TestGateway gateway = TestGateway.start(dropping, ClientLimits.DEFAULT);
        RawClient client = gateway.client()) {
      assertThat(client.ask("set a 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
      assertThat(client.ask("set a 0 0 101\r\n" + "x".repeat(101) + "\r\n"))
          .isEqualTo("SERVER_ERROR object too large for cache\r\n");
      assertThat(client.ask("get a\r\n")).isEqualTo("END\r\n");
    }
  }
}
