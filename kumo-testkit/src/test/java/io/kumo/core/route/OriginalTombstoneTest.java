package io.kumo.core.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.route.request.KeyOutcome;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.core.route.request.KeyStatus;
import io.kumo.core.testing.Tries;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was deleted is not there, though a server of kumofs 0.4.13 compares with its tombstone. */
class OriginalTombstoneTest {
  /** When the originals were recorded. */
  private static final long RECORDED_SECONDS = 0x6b00_a82cL;

  private static final String ADD = "add a 0 0 1\r\nx\r\n";
  private static final String FOUND = "VALUE a 0 1\r\nx\r\nEND\r\n";

  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT);
  private final FakeServer server = gateway.start(false);

  OriginalTombstoneTest() {
    gateway.show(gateway.viewOf(1, server));
    gateway.setSkewMillis(1000 * RECORDED_SECONDS);
    setClock(0, 0);
  }

  /** What the server issues next is so many seconds old. */
  private void setClock(long ageSeconds, int counter) {
    server.setClock(ClockTime.of(gateway.unixSeconds() - ageSeconds, counter));
  }

  private void expect(String request, String reply) {
    assertThat(gateway.ask(request, 500)).as(request).isEqualTo(reply);
  }

  @Test
  void whatWasDeletedIsAddedAgain() {
    expect("set a 0 0 1\r\ny\r\n", "STORED\r\n");
    expect("delete a\r\n", "DELETED\r\n");
    expect(ADD, "STORED\r\n");
    expect("get a\r\n", FOUND);
    expect(ADD, "NOT_STORED\r\n");
    assertThat(gateway.metrics().get(GatewayMetric.TOMBSTONE_SEARCHES)).isEqualTo(1);
  }

  @Test
  void whateverItsAgeAndItsCounter() {
    Tries.of(
        100,
        draw -> {
          setClock(draw.between(-10, 100_000_000), draw.of((int) draw.bits(), 1023, 1 << 22));
          server.erase("a");
          expect(ADD, "STORED\r\n");
          expect("get a\r\n", FOUND);
        });
  }

  @Test
  void aCounterBeginsAnewAndATokenIsGiven() {
    server.erase("n");
    server.erase("v");
    expect("ma n N0 J13 v\r\n", "VA 2\r\n13\r\n");
    expect("mg v N30 v\r\n", "VA 0 W\r\n\r\n");
  }

  @Test
  void anotherDeleteThatComesBetweenIsDeletedAllTheSame() {
    server.erase("a");
    server.beforeSwap(() -> server.beforeSwap(() -> server.erase("a")));
    expect(ADD, "STORED\r\n");
    assertThat(gateway.metrics().get(GatewayMetric.TOMBSTONE_SEARCHES)).isEqualTo(2);
  }

  @Test
  void anotherValueThatComesBetweenStays() {
    server.erase("a");
    server.beforeSwap(() -> server.beforeSwap(() -> server.rewrite("a", "y")));
    expect(ADD, "NOT_STORED\r\n");
    expect("get a\r\n", "VALUE a 0 1\r\ny\r\nEND\r\n");
  }

  @Test
  void aValueThatComesDuringTheSearchStays() {
    server.erase("a");
    gateway.ask(ADD, 0);
    int reads = server.reads();
    while (server.reads() < reads + 10) {
      gateway.run(1);
    }
    server.rewrite("a", "y");
    gateway.run(500);
    assertThat(gateway.replies()).isEqualTo("NOT_STORED\r\n");
  }

  @Test
  void aServerThatFallsSilentFailsTheWriteByItsDeadline() {
    server.erase("a");
    gateway.ask(ADD, 0);
    while (gateway.metrics().get(GatewayMetric.TOMBSTONE_SEARCHES) == 0) {
      gateway.run(1);
    }
    server.fallSilent();
    long deadlineMillis = RouterOptions.DEFAULT.deadlineNs() / 1_000_000;
    gateway.run(deadlineMillis + 100);
    assertThat(gateway.replies()).isEqualTo("SERVER_ERROR store failed\r\n");
  }

  @Test
  void oneThatIsDeletedAgainAndAgainIsGivenUp() {
    server.erase("a");
    eraseBeforeEachSwap();
    assertThat(gateway.ask(ADD, 60_000)).isEqualTo("SERVER_ERROR store failed\r\n");
    assertThat(gateway.metrics().get(GatewayMetric.TOMBSTONE_SEARCHES)).isEqualTo(8);
  }

  private void eraseBeforeEachSwap() {
    server.beforeSwap(
        () -> {
          server.erase("a");
          eraseBeforeEachSwap();
        });
  }

  @Test
  void anImportedRecordGivesWayToANewerTombstoneOnly() {
    setClock(100, 7);
    server.erase("a");
    long deleted = server.clock();
    assertThat(importOf(deleted - 1)).isEqualTo(KeyStatus.EXISTS);
    expect("get a\r\n", "END\r\n");
    assertThat(importOf(deleted + 1)).isEqualTo(KeyStatus.STORED);
    expect("get a\r\n", FOUND);
  }

  private @Nullable KeyStatus importOf(long version) {
    Import command = new Import(version);
    gateway.execute(command);
    gateway.run(500);
    return command.status;
  }

  /** As kumo-import loads a record. */
  private static final class Import implements KeyCommand {
    private final KeyRequest request = new KeyRequest(new byte[0]);
    private final KeyOutcome outcome = new KeyOutcome();
    private @Nullable KeyStatus status;

    Import(long version) {
      request.keys().add("a".getBytes(ISO_8859_1), 0, 1);
      outcome.found().prepare(1);
      request.operation(KeyOperation.SET);
      request.value(Unpooled.copiedBuffer("x", ISO_8859_1));
      request.addOption(KeyOptions.UNLESS_NEWER);
      request.newCas(version);
    }

    @Override
    public KeyRequest request() {
      return request;
    }

    @Override
    public KeyOutcome outcome() {
      return outcome;
    }

    @Override
    public void complete(KeyStatus newStatus) {
      status = newStatus;
      request.clear();
      outcome.clear();
    }
  }
}
