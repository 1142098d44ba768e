package io.kumo.manager.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RegisterGateway;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.view.ViewId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayTableTest {
  private static final RingState RING = new RingState(7, 8);

  private final GatewayTable table = new GatewayTable();

  private boolean heard(long id, String address, String from, long operations, long seconds) {
    NodeStatus status =
        new NodeStatus(
            address, "1", "routing", "open", 1, RING, RING, ViewId.NONE, false, 1, 2, operations);
    long nowNs = TimeUnit.SECONDS.toNanos(seconds);
    return table.heard(new RegisterGateway(id, status), from, nowNs);
  }

  @Test
  void theRateIsOfTheTimeBetweenTwoWords() {
    heard(1, "a:1", "10.0.0.1:50000", 100, 1);
    heard(1, "a:1", "10.0.0.1:50001", 600, 6);
    assertThat(table.list(TimeUnit.SECONDS.toNanos(6)))
        .singleElement()
        .satisfies(gateway -> assertThat(gateway.rate()).isEqualTo(100));
  }

  @Test
  void whoIsSilentIsForgotten() {
    heard(1, "a:1", "10.0.0.1:50000", 0, 1);
    heard(2, "b:1", "10.0.0.2:50000", 0, 10);
    assertThat(table.list(TimeUnit.SECONDS.toNanos(17))).hasSize(1);
    assertThat(table.list(TimeUnit.SECONDS.toNanos(26))).isEmpty();
  }

  @Test
  void aRestartedOneTakesThePlaceOfTheOneBefore() {
    heard(1, "127.0.0.1:11211", "10.0.0.1:50000", 0, 1);
    heard(2, "127.0.0.1:11211", "10.0.0.2:50000", 0, 1);
    heard(3, "127.0.0.1:11211", "10.0.0.1:50007", 0, 2);
    assertThat(table.list(TimeUnit.SECONDS.toNanos(2))).hasSize(2);
  }

  @Test
  void thereIsABound() {
    for (int i = 0; i < Limits.MAX_GATEWAYS; i++) {
      assertThat(heard(i, "a:" + i, "10.0.0.1:50000", 0, 1)).isTrue();
    }
    assertThat(heard(-1, "b:1", "10.0.0.1:50000", 0, 1)).isFalse();
    assertThat(heard(5, "a:5", "10.0.0.1:50000", 0, 1)).isTrue();
    assertThat(table.size()).isEqualTo(Limits.MAX_GATEWAYS);
  }
}
