package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.guard.Guard;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command that throws costs the connection that it came on, and no other. */
class ThrowingCommandTest {
  /** Throws on gets; stores wait until told. */
  private static final class Hostile implements CommandExecutor {
    private final List<McCommand> held = new ArrayList<>();
    private boolean holding;

    @Override
    public void execute(McCommand command) {
      if (command.operation() == McOperation.GET) {
        throw new IllegalStateException("planted by a test");
      } else if (holding) {
        held.add(command);
      } else {
        command.complete(McStatus.STORED);
      }
    }

    int release() {
      List<McCommand> all = List.copyOf(held);
      held.clear();
      all.forEach(command -> command.complete(McStatus.STORED));
      return all.size();
    }
  }

  private static final String SET = "set k 0 0 1\r\nx\r\n";
  private final Hostile hostile = new Hostile();
  private final long before = Guard.ofProcess().bugs();

  private static long bugs(TestGateway gateway) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(GatewayMetric.BUGS));
  }

  @Test
  void whenItIsRead() throws IOException {
    try (TestGateway gateway = TestGateway.start(ClientLimits.DEFAULT, hostile);
        RawClient neighbour = gateway.client();
        RawClient client = gateway.client()) {
      client.send("get k\r\n");
      assertThat(client.rest()).isEmpty();
      neighbour.send(SET);
      assertThat(neighbour.line()).startsWith("STORED");
      assertThat(bugs(gateway)).isEqualTo(1);
      assertThat(Guard.ofProcess().bugs() - before).isEqualTo(1);
      assertThat(Guard.ofProcess().lastBug()).contains("client of 127.0.0.1").contains("planted");
    }
  }

  /** It waits for the command before it, so that it begins when that one's reply has come. */
  @Test
  void whenItsTurnComesLater() throws IOException {
    hostile.holding = true;
    try (TestGateway gateway = TestGateway.start(ClientLimits.DEFAULT, hostile);
        RawClient neighbour = gateway.client();
        RawClient client = gateway.client()) {
      client.send(SET + "get k\r\n");
      while (gateway.onLoop(hostile::release) == 0) {
        Thread.onSpinWait();
      }
      hostile.holding = false;
      client.rest();
      neighbour.send(SET);
      assertThat(neighbour.line()).startsWith("STORED");
      assertThat(bugs(gateway)).isEqualTo(1);
      assertThat(Guard.ofProcess().bugs() - before).isEqualTo(1);
    }
  }
}
