package io.kumo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reads through a near cache see, and what they cost. */
class NearCacheTest {
  private static final String VALUE = "x".repeat(1000);

  private final NearCache cache = new NearCache(100_000);
  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT, cache);

  private FakeServer attach(boolean extended) {
    FakeServer server = gateway.start(extended);
    gateway.show(gateway.viewOf(5, server));
    return server;
  }

  private long count(GatewayMetric metric) {
    return gateway.metrics().get(metric);
  }

  private static String found(String key, String value) {
    return "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n";
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCopyIsShownOnceTheServerHasConfirmedIt(boolean extended) {
    FakeServer server = attach(extended);
    server.rewrite("k", VALUE);
    assertThat(gateway.ask("get k\r\n")).isEqualTo(found("k", VALUE));
    assertThat(server.copiesConfirmed()).isZero();
    assertThat(gateway.ask("get k\r\n")).isEqualTo(found("k", VALUE));
    assertThat(gateway.ask("mg k v f\r\n")).isEqualTo("VA 1000 f0\r\n" + VALUE + "\r\n");
    assertThat(server.copiesConfirmed()).isEqualTo(2);
    assertThat(server.reads()).isEqualTo(3);
    assertThat(count(GatewayMetric.NEAR_CACHE_MISSES)).isEqualTo(1);
    assertThat(count(GatewayMetric.NEAR_CACHE_VALIDATIONS)).isEqualTo(2);
    assertThat(count(GatewayMetric.NEAR_CACHE_HITS)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aValueThatHasChangedBehindTheGatewayIsSeenAtOnce(boolean extended) {
    FakeServer server = attach(extended);
    server.rewrite("k", "old");
    gateway.ask("get k\r\n");
    server.rewrite("k", "newer");
    assertThat(gateway.ask("get k\r\n")).isEqualTo(found("k", "newer"));
    assertThat(server.copiesConfirmed()).isZero();
    assertThat(gateway.ask("get k\r\n")).isEqualTo(found("k", "newer"));
    assertThat(server.copiesConfirmed()).isEqualTo(1);
  }

  @Test
  void manyKeysAtOnceAreConfirmedInOneMessage() {
    FakeServer server = attach(true);
    server.rewrite("a", "1");
    server.rewrite("b", "2");
    gateway.ask("get a b c\r\n");
    server.rewrite("b", "3");
    server.rewrite("c", "4");
    assertThat(gateway.ask("get a b c\r\n"))
        .isEqualTo("VALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n3\r\nVALUE c 0 1\r\n4\r\nEND\r\n");
    assertThat(server.copiesConfirmed()).isEqualTo(1);
    assertThat(server.reads()).isEqualTo(2);
  }

  @Test
  void aDeletedKeyIsAMissAndItsCopyIsDropped() {
    FakeServer server = attach(true);
    server.rewrite("k", VALUE);
    gateway.ask("get k\r\n");
    assertThat(cache.bytes()).isGreaterThan(1000);
    gateway.ask("delete k\r\n");
    assertThat(gateway.ask("get k\r\n")).isEqualTo("END\r\n");
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void anExpiredCopyIsAMiss() {
    attach(true);
    gateway.ask("set k 0 2 1\r\nx\r\nget k\r\n");
    gateway.run(3_000);
    assertThat(gateway.ask("get k\r\n")).isEqualTo("END\r\n");
  }

  @Test
  void copiesTakeNoMoreThanTheyMay() {
    FakeServer server = attach(true);
    for (int i = 0; i < 500; i++) {
      server.rewrite("k" + i, VALUE);
      gateway.ask("get k" + i + "\r\n");
      assertThat(cache.bytes()).isBetween(1000L, 100_000L);
    }
    assertThat(gateway.ask("stats\r\n"))
        .containsPattern("STAT near_cache_evictions [1-9]")
        .containsPattern("STAT near_cache_items [1-9]")
        .containsPattern("STAT near_cache_bytes [1-9]");
  }

  @Test
  void whatWouldFillTheCacheIsNotKept() {
    NearCache small = new NearCache(8_000);
    KeyList keys = new KeyList(new byte[0]);
    keys.add("k".getBytes(StandardCharsets.UTF_8), 0, 1);
    small.put(keys, 0, Unpooled.wrappedBuffer(new byte[1000]));
    assertThat(small.find(keys, 0)).isNull();
    small.put(keys, 0, Unpooled.wrappedBuffer(new byte[500]));
    assertThat(small.find(keys, 0)).hasSize(500);
  }
}
