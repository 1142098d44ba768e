package io.kumo.core.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.route.request.ReadLevel;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routing, on a virtual clock and network. */
class RouterTest {
  private static final String GET_FAILED = "SERVER_ERROR get failed\r\n";
  private static final String STORE_FAILED = "SERVER_ERROR store failed\r\n";

  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT);

  @AfterEach
  void nothingIsLeftUnderWay() {
    gateway.run(15_000);
    assertThat(gateway.commandsInUse()).isZero();
  }

  @Test
  void failsAtOnceWhenNoServerIsAttached() {
    assertThat(gateway.ask("get a\r\n", 1)).isEqualTo(GET_FAILED);
    assertThat(gateway.ask("get a b\r\n", 1)).isEqualTo(GET_FAILED);
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n", 1)).isEqualTo(STORE_FAILED);
    assertThat(gateway.ask("delete a\r\n", 1)).isEqualTo("SERVER_ERROR delete failed\r\n");
    assertThat(gateway.ask("cas a 0 0 1 5\r\nx\r\n", 1)).isEqualTo(STORE_FAILED);
  }

  @Test
  void doesEveryCommandAtAnExtendedServer() {
    gateway.show(gateway.viewOf(1, gateway.start(true)));
    everyCommandWorks();
  }

  @Test
  void doesEveryCommandAtAnOriginalServer() {
    gateway.show(gateway.viewOf(1, gateway.start(false)));
    everyCommandWorks();
  }

  private void everyCommandWorks() {
    expect("get a\r\n", "END\r\n");
    expect("add a 7 0 1\r\n5\r\n", "STORED\r\n");
    expect("add a 7 0 1\r\n6\r\n", "NOT_STORED\r\n");
    expect("incr a 10\r\n", "15\r\n");
    expect("decr a 20\r\n", "0\r\n");
    expect("append a 0 0 2\r\nxy\r\n", "STORED\r\n");
    expect("prepend a 0 0 1\r\nz\r\n", "STORED\r\n");
    expect("get a b a\r\n", "VALUE a 7 4\r\nz0xy\r\nVALUE a 7 4\r\nz0xy\r\nEND\r\n");
    expect("incr a 1\r\n", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
    expect("touch a 100\r\n", "TOUCHED\r\n");
    expect("mg a t v\r\n", "VA 4 t100\r\nz0xy\r\n");
    expect("gat 0 a b\r\n", "VALUE a 7 4\r\nz0xy\r\nEND\r\n");
    expect("cas a 1 0 1 1\r\nx\r\n", "EXISTS\r\n");
    String cas = gateway.ask("gets a\r\n").replaceAll("(?s)^VALUE a 7 4 (\\d+)\r.*", "$1");
    expect("cas a 1 0 1 " + cas + "\r\nx\r\n", "STORED\r\n");
    expect("cas a 1 0 1 " + cas + "\r\ny\r\n", "EXISTS\r\n");
    expect("replace a 2 0 1\r\nr\r\n", "STORED\r\n");
    expect("md a I T30\r\n", "HD\r\n");
    expect("mg a v t\r\n", "VA 1 t30 X W\r\nr\r\n");
    expect("mg a v t\r\n", "VA 1 t30 Z X\r\nr\r\n");
    expect("delete a\r\n", "DELETED\r\n");
    expect("delete a\r\n", "NOT_FOUND\r\n");
    expect("replace a 2 0 1\r\nr\r\n", "NOT_STORED\r\n");
    expect("cas a 1 0 1 1\r\nx\r\n", "NOT_FOUND\r\n");
    expect("touch a 1\r\n", "NOT_FOUND\r\n");
    expect("ma n N0 J13 v\r\n", "VA 2\r\n13\r\n");
    expect("ma n v T-1\r\n", "VA 2\r\n14\r\n");
    expect("ma n\r\n", "NF\r\n");
  }

  private void expect(String request, String reply) {
    assertThat(gateway.ask(request)).as(request).isEqualTo(reply);
  }

  @Test
  void nothingIsUnderWayAnyMoreWhenItIsClosed() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    server.fallSilent();
    assertThat(gateway.ask("get a\r\nset b 0 0 1\r\nx\r\n", 1)).isEmpty();
    gateway.close();
    assertThat(gateway.replies()).isEqualTo(GET_FAILED + STORE_FAILED);
    assertThat(gateway.commandsInUse()).isZero();
  }

  @Test
  void countsOnceThoughAnotherClientComesBetween() {
    FakeServer server = gateway.start(false);
    gateway.show(gateway.viewOf(1, server));
    expect("set n 0 0 1\r\n1\r\n", "STORED\r\n");
    server.beforeSwap(() -> server.rewrite("n", "41"));
    expect("incr n 1\r\n", "42\r\n");
  }

  @Test
  void repeatsAtAnOriginalServerWhatCanBeAndHasMissedAReplica() {
    FakeServer server = gateway.start(false);
    gateway.show(gateway.viewOf(1, server));
    server.missReplicas(2);
    assertThat(gateway.ask("set n 0 0 1\r\n1\r\n", 500)).isEqualTo("STORED\r\n");
    server.missReplicas(1);
    assertThat(gateway.ask("incr n 1\r\n", 500)).isEqualTo(STORE_FAILED);
    server.missReplicas(2);
    assertThat(gateway.ask("delete n\r\n", 500)).isEqualTo("DELETED\r\n");
    expect("delete n\r\n", "NOT_FOUND\r\n");
  }

  @Test
  void repeatsAWriteOnlyWithItsRequestId() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    expect("set n 0 0 1\r\n1\r\n", "STORED\r\n");
    server.requestIds().clear();
    server.loseReplies(2);
    assertThat(gateway.ask("incr n 1\r\n", 9_000)).isEqualTo("2\r\n");
    List<RequestId> ids = server.requestIds();
    assertThat(ids).hasSize(3);
    assertThat(ids).containsOnly(ids.get(0));
    assertThat(ids.get(0).isPresent()).isTrue();
    expect("incr n 1\r\n", "3\r\n");
    assertThat(ids.get(3)).isNotEqualTo(ids.get(0));
  }

  /** A server may have forgotten the first attempt by then, and do it once more. */
  @Test
  void sendsNothingOnceTheDeadlineHasPassedThoughItWasPaused() {
    FakeServer server = gateway.start(true);
    PublishedSpaces view = gateway.viewOf(1, server);
    gateway.show(view);
    server.refuse(view);
    assertThat(gateway.ask("set n 0 0 1\r\n1\r\n", 500)).isEmpty();
    server.refuseNoMore();
    gateway.standStill(15_000);
    gateway.run(100);
    assertThat(gateway.replies()).isEqualTo(STORE_FAILED);
    assertThat(server.has("n")).isFalse();
  }

  @Test
  void readsFromTheNextReplicaAtOnceWhenTheCoordinatorIsDead() {
    FakeServer[] servers = {gateway.start(true), gateway.start(true), gateway.start(true)};
    gateway.show(gateway.viewOf(1, servers));
    for (FakeServer server : servers) {
      server.rewrite("a", "1");
    }
    expect("get a\r\n", "VALUE a 0 1\r\n1\r\nEND\r\n");
    for (FakeServer server : servers) {
      if (server.reads() > 0) {
        gateway.kill(server);
      }
    }
    expect("get a\r\n", "VALUE a 0 1\r\n1\r\nEND\r\n");
    assertThat(gateway.metrics().get(GatewayMetric.FALL_THROUGH_READS)).isPositive();
  }

  @Test
  void readsThatAreLinearizableAskNobodyButTheCoordinator() {
    MemoryGateway strict =
        new MemoryGateway(RouterOptions.DEFAULT.withReads(ReadLevel.LINEARIZABLE));
    FakeServer[] servers = {strict.start(true), strict.start(true), strict.start(true)};
    strict.show(strict.viewOf(1, servers));
    for (FakeServer server : servers) {
      server.rewrite("a", "1");
    }
    assertThat(strict.ask("get a\r\n")).isEqualTo("VALUE a 0 1\r\n1\r\nEND\r\n");
    for (FakeServer server : servers) {
      if (server.reads() > 0) {
        strict.kill(server);
      }
    }
    assertThat(strict.ask("get a\r\n", 12_000)).isEqualTo(GET_FAILED);
    assertThat(strict.metrics().get(GatewayMetric.FALL_THROUGH_READS)).isZero();
  }

  @Test
  void readsThatAreLinearizableAreNotAskedOfAnOriginal() {
    MemoryGateway strict =
        new MemoryGateway(RouterOptions.DEFAULT.withReads(ReadLevel.LINEARIZABLE));
    strict.show(strict.viewOf(1, strict.start(false)));
    assertThat(strict.ask("get a\r\n")).isEqualTo(GET_FAILED);
  }

  @Test
  void readsFromTheNextReplicaWhenTheCoordinatorHangs() {
    FakeServer[] servers = {gateway.start(true), gateway.start(true), gateway.start(true)};
    gateway.show(gateway.viewOf(1, servers));
    for (FakeServer server : servers) {
      server.rewrite("a", "1");
    }
    gateway.ask("get a\r\n");
    for (FakeServer server : servers) {
      if (server.reads() > 0) {
        server.fallSilent();
      }
    }
    assertThat(gateway.ask("get a\r\n", 500)).isEmpty();
    gateway.run(700);
    assertThat(gateway.replies()).isEqualTo("VALUE a 0 1\r\n1\r\nEND\r\n");
  }

  @Test
  void givesUpAtTheDeadline() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    server.fallSilent();
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\nget b\r\nget c d\r\n", 9_000)).isEmpty();
    gateway.run(2_000);
    assertThat(gateway.replies()).isEqualTo(STORE_FAILED + GET_FAILED + GET_FAILED);
  }

  @Test
  void goesWhereARefusalPoints() {
    FakeServer old = gateway.start(true);
    FakeServer young = gateway.start(true);
    gateway.show(gateway.viewOf(1, old));
    old.refuse(gateway.viewOf(2, young));
    expect("set a 0 0 1\r\nx\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
    assertThat(young.has("a")).isTrue();
    assertThat(gateway.metrics().get(GatewayMetric.SERVER_REFUSALS)).isEqualTo(1);
  }

  @Test
  void waitsForNewHashSpacesWhenARefusalTellsNothingNew() {
    FakeServer old = gateway.start(true);
    FakeServer young = gateway.start(true);
    gateway.show(gateway.viewOf(2, old));
    old.refuse(gateway.viewOf(1, old));
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n", 2_000)).isEmpty();
    gateway.show(gateway.viewOf(3, young));
    gateway.run(5);
    assertThat(gateway.replies()).isEqualTo("STORED\r\n");
  }

  /** Else who had waited for long would wait for another second after each change. */
  @Test
  void waitsShortlyForWhoHasNotInstalledWhatTheGatewayKnows() {
    FakeServer old = gateway.start(true);
    FakeServer young = gateway.start(true);
    gateway.show(gateway.viewOf(2, old));
    old.refuse(gateway.viewOf(1, old));
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n", 2_000)).isEmpty();
    young.refuse(gateway.viewOf(2, old));
    gateway.show(gateway.viewOf(3, young));
    gateway.run(15);
    young.refuseNoMore();
    gateway.run(200);
    assertThat(gateway.replies()).isEqualTo("STORED\r\n");
  }

  @Test
  void waitsNoLongerForAServerThatIsNotActiveAnyMore() {
    FakeServer old = gateway.start(true);
    FakeServer young = gateway.start(true);
    gateway.show(gateway.viewOf(1, old));
    old.fallSilent();
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n", 100)).isEmpty();
    gateway.show(gateway.viewOf(2, young));
    gateway.run(300);
    assertThat(gateway.replies()).isEqualTo("STORED\r\n");
  }

  @Test
  void takesNoServerOfOursForAnOriginalThoughNobodyDescribesIt() {
    FakeServer old = gateway.start(true);
    FakeServer young = gateway.start(true);
    gateway.show(gateway.viewOf(1, old));
    old.refuse(MemoryGateway.withoutExtrasOf(young, gateway.viewOf(2, old, young)));
    assertThat(gateway.ask("set a 0 0 1\r\nx\r\n", 500)).isEmpty();
    FakeServer other = gateway.start(true);
    gateway.show(gateway.viewOf(2, young, other));
    gateway.run(500);
    assertThat(gateway.replies()).isEqualTo("STORED\r\n");
    gateway.show(MemoryGateway.withoutExtrasOf(young, gateway.viewOf(2, young, other)));
    young.requestIds().clear();
    for (String key : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      expect("set " + key + " 0 0 1\r\ny\r\n", "STORED\r\n");
    }
    assertThat(young.requestIds()).isNotEmpty();
  }

  @Test
  void tellsClientsOfEveryProtocolWhyAServerFailed() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    server.failWrites("disk full on 10.0.0.3:19800");
    String told = ": disk full on 10.0.0.3:19800";
    expect("set a 0 0 1\r\nx\r\n", "SERVER_ERROR store failed" + told + "\r\n");
    expect("delete a\r\n", "SERVER_ERROR delete failed" + told + "\r\n");
    expect("gat 0 a\r\n", "SERVER_ERROR get failed" + told + "\r\n");
    expect("ms a 1\r\nx\r\n", "SERVER_ERROR store failed" + told + "\r\n");
    expect("get a\r\n", "END\r\n");
    server.failWrites("\u00e9\r\nSTORED" + "x".repeat(500));
    String answer = gateway.ask("set a 0 0 1\r\nx\r\n");
    assertThat(answer).isEqualTo("SERVER_ERROR store failed: ???STORED" + "x".repeat(191) + "\r\n");
  }

  @Test
  void tellsBinaryClientsWhyAServerFailed() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    server.failWrites("disk full on 10.0.0.3:19800");
    BinaryMessage set = BinaryMessage.request(1, "a", BinaryMessage.store(0, 0), "x");
    assertThat(gateway.ask(new String(set.encoded(), ISO_8859_1)))
        .startsWith("\u0081\u0001\0\0\0\0\0\u0082")
        .endsWith("Out of memory: disk full on 10.0.0.3:19800");
  }

  @Test
  void failsAMultiGetRatherThanHideAKeyThatCouldNotBeRead() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    expect("set a 0 0 1\r\nx\r\n", "STORED\r\n");
    gateway.kill(server);
    assertThat(gateway.ask("get a b\r\n", 11_000)).isEqualTo(GET_FAILED);
  }

  @Test
  void asksNoMoreForAClientThatHasGone() {
    FakeServer server = gateway.start(true);
    gateway.show(gateway.viewOf(1, server));
    gateway.kill(server);
    assertThat(gateway.ask("get a\r\nget b c d\r\n", 100)).isEmpty();
    gateway.disconnect();
    gateway.run(2_000);
    assertThat(count(GatewayMetric.ABANDONED_READS)).isBetween(1L, 4L);
    long errors = count(GatewayMetric.SERVER_ERRORS);
    gateway.run(2_000);
    assertThat(count(GatewayMetric.SERVER_ERRORS)).isEqualTo(errors);
    assertThat(gateway.commandsInUse()).isZero();
  }

  private long count(GatewayMetric metric) {
    return gateway.metrics().get(metric);
  }

  @Test
  void answersManyKeysInTheOrderOfTheRequest() {
    gateway.show(gateway.viewOf(1, gateway.start(true), gateway.start(true), gateway.start(true)));
    StringBuilder keys = new StringBuilder("get");
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 6_000; i++) {
      keys.append(" key").append(i);
      if (i % 100 == 0) {
        gateway.ask("set key" + i + " 0 0 1 noreply\r\nx\r\n", 2);
        values.append("VALUE key").append(i).append(" 0 1\r\nx\r\n");
      }
    }
    assertThat(gateway.ask(keys + "\r\n")).isEqualTo(values + "END\r\n");
  }
}
