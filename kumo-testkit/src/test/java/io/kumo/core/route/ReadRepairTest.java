package io.kumo.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What follows a read that went past its coordinator, on a virtual clock and network. */
class ReadRepairTest {
  private static final String FOUND = "VALUE a 0 1\r\n1\r\nEND\r\n";

  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT);

  private List<FakeServer> startThree(boolean extended) {
    List<FakeServer> servers = Stream.generate(() -> gateway.start(extended)).limit(3).toList();
    gateway.show(gateway.viewOf(1, servers.toArray(new FakeServer[0])));
    return servers;
  }

  /** Who coordinates the key "a", which all of them have. */
  private FakeServer coordinatorOfA(List<FakeServer> servers) {
    servers.forEach(server -> server.rewrite("a", "1"));
    assertThat(gateway.ask("get a\r\n")).isEqualTo(FOUND);
    return servers.stream().filter(server -> server.reads() > 0).findFirst().orElseThrow();
  }

  private long count(GatewayMetric metric) {
    return gateway.metrics().get(metric);
  }

  @Test
  void readsThatTheCoordinatorAnswersAskForNothing() {
    FakeServer coordinator = coordinatorOfA(startThree(true));
    gateway.run(5_000);
    assertThat(coordinator.compared()).isEmpty();
    assertThat(count(GatewayMetric.READ_REPAIRS_QUEUED)).isZero();
  }

  @Test
  void theCoordinatorIsAskedOnceItAnswersAgain() {
    FakeServer coordinator = coordinatorOfA(startThree(true));
    coordinator.fallSilent();
    assertThat(gateway.ask("get a\r\n", 1_500)).isEqualTo(FOUND);
    assertThat(gateway.ask("get a\r\n", 1_500)).isEqualTo(FOUND);
    assertThat(count(GatewayMetric.READ_REPAIRS_QUEUED)).isEqualTo(1);
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT)).isZero();

    int unanswered = coordinator.compared().size();
    coordinator.recover();
    gateway.run(60_000);
    assertThat(coordinator.compared()).hasSize(unanswered + 1).containsOnly("a");
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT)).isEqualTo(1);
    assertThat(count(GatewayMetric.READ_REPAIRS_DROPPED)).isZero();
  }

  @Test
  void aCoordinatorThatStaysAwayIsGivenUpAfterAMinute() {
    FakeServer coordinator = coordinatorOfA(startThree(true));
    coordinator.fallSilent();
    assertThat(gateway.ask("get a\r\n", 1_500)).isEqualTo(FOUND);
    gateway.run(65_000);
    int asked = coordinator.compared().size();
    assertThat(asked).isBetween(2, 31);
    assertThat(count(GatewayMetric.READ_REPAIRS_DROPPED)).isEqualTo(1);

    coordinator.recover();
    gateway.run(10_000);
    assertThat(coordinator.compared()).hasSize(asked);
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT)).isZero();
  }

  @Test
  void keysThatWaitAndThePaceAreBounded() {
    FakeServer coordinator = coordinatorOfA(startThree(true));
    coordinator.fallSilent();
    StringBuilder gets = new StringBuilder("get");
    for (int i = 0; i < 6_000; i++) {
      gets.append(" key").append(i);
    }
    assertThat(gateway.ask(gets + "\r\n", 1_500)).isEqualTo("END\r\n");
    assertThat(count(GatewayMetric.READ_REPAIRS_QUEUED)).isEqualTo(ReadRepair.MAX_WAITING);
    assertThat(count(GatewayMetric.READ_REPAIRS_DROPPED))
        .isEqualTo(count(GatewayMetric.FALL_THROUGH_READS) - ReadRepair.MAX_WAITING)
        .isPositive();

    coordinator.recover();
    gateway.run(2_000);
    long before = count(GatewayMetric.READ_REPAIRS_SENT);
    gateway.run(1_000);
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT) - before).isBetween(90L, 100L);
    gateway.run(10_000);
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT)).isEqualTo(ReadRepair.MAX_WAITING);
    assertThat(coordinator.compared().stream().distinct()).hasSize(ReadRepair.MAX_WAITING);
  }

  @Test
  void oneThatHangsHoldsNobodyElseUp() {
    List<FakeServer> servers = startThree(true);
    FakeServer hung = coordinatorOfA(servers);
    hung.fallSilent();
    FakeServer other = servers.get((servers.indexOf(hung) + 1) % 3);
    other.fallSilent();
    gateway.ask("get a b c d e f g h i j k l m n o p q r s t\r\n", 3_500);
    other.recover();
    gateway.run(5_000);
    assertThat(hung.compared().size()).isLessThan(10);
    assertThat(other.compared().size()).isPositive();
    assertThat(count(GatewayMetric.READ_REPAIRS_SENT)).isPositive();
  }

  @Test
  void originalServersAreNotAsked() {
    FakeServer coordinator = coordinatorOfA(startThree(false));
    coordinator.fallSilent();
    assertThat(gateway.ask("get a\r\n", 1_500)).isEqualTo(FOUND);
    assertThat(count(GatewayMetric.FALL_THROUGH_READS)).isPositive();
    assertThat(count(GatewayMetric.READ_REPAIRS_QUEUED)).isZero();
  }
}
