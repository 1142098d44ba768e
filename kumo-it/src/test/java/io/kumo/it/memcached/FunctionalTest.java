package io.kumo.it.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.RouterOptions;
import io.kumo.gateway.GatewayConfig;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One list of cases, three protocols, and gateways with what may be switched on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionalTest {
  /** How a gateway is started. */
  enum Kind {
    PLAIN,
    /** With a near cache, event loops, a key prefix and quick answers. */
    EVERYTHING
  }

  /** What its clients speak. */
  enum Protocol {
    TEXT,
    META,
    BINARY;

    McDriver connect(InetSocketAddress address) throws IOException {
      return switch (this) {
        case TEXT -> new TextDriver(address);
        case META -> new MetaDriver(address);
        case BINARY -> new BinaryDriver(address);
      };
    }
  }

  private static final McSettings WITH_FLUSH =
      new McSettings("1.6.27", 1 << 20, 100_000, true, false);

  @TempDir static Path directory;

  private final Map<Kind, InetSocketAddress> gateways = new EnumMap<>(Kind.class);
  private LocalCluster cluster;
  private int number;

  @BeforeAll
  void up() throws IOException {
    cluster = new LocalCluster(directory);
    gateways.put(Kind.PLAIN, cluster.startGateway(FunctionalTest::withFlush));
    gateways.put(Kind.EVERYTHING, cluster.startGateway(FunctionalTest::withEverything));
  }

  private static GatewayConfig withFlush(GatewayConfig config) {
    return config.withClients(WITH_FLUSH, ClientLimits.DEFAULT);
  }

  private static GatewayConfig withEverything(GatewayConfig config) {
    RouterOptions router =
        new RouterOptions(
            5, 20, 20, RouterOptions.DEFAULT.deadlineNs(), true, true, ItemLayout.KUMO, 1 << 20);
    return withFlush(config).with(2, "prefix:").withRouter(router).withNearCache(16 << 20);
  }

  @AfterAll
  void down() {
    cluster.close();
  }

  static Stream<Arguments> cases() {
    List<Arguments> all = new ArrayList<>();
    for (String name : new McCases().all().keySet()) {
      for (Protocol protocol : Protocol.values()) {
        for (Kind kind : Kind.values()) {
          all.add(Arguments.of(name, protocol, kind));
        }
      }
    }
    return all.stream();
  }

  private McDriver connect(Protocol protocol, Kind kind) throws IOException {
    return protocol.connect(Objects.requireNonNull(gateways.get(kind)));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void worksTheSameInEveryProtocol(String name, Protocol protocol, Kind kind) throws Exception {
    try (McDriver client = connect(protocol, kind)) {
      Objects.requireNonNull(new McCases().all().get(name)).run(client, "key" + number++);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aFlushEmptiesTheClusterAndAnEarlierOneIsCalledOff(Protocol protocol) throws Exception {
    String key = "flushed" + number++;
    try (McDriver client = connect(protocol, Kind.PLAIN);
        McDriver other = connect(protocol, Kind.EVERYTHING)) {
      client.store(Verb.SET, key, "x", 0, 0);
      other.store(Verb.SET, key, "y", 0, 0);
      assertThat(client.flush(0)).isEqualTo(Outcome.DONE);
      assertThat(client.get(key)).isNull();
      assertThat(other.get(key)).isNull();
      assertThat(other.incr(key, 1).outcome()).isEqualTo(Outcome.NOT_FOUND);
      assertThat(client.store(Verb.ADD, key, "z", 0, 0)).isEqualTo(Outcome.DONE);
      assertThat(client.flush(4)).isEqualTo(Outcome.DONE);
      assertThat(client.get(key)).isNotNull();
      await().until(() -> client.get(key) == null);
      client.store(Verb.SET, key, "kept", 0, 0);
      assertThat(client.flush(4)).isEqualTo(Outcome.DONE);
      assertThat(other.flush(1000)).isEqualTo(Outcome.DONE);
      await().pollDelay(Duration.ofSeconds(6)).until(() -> client.get(key) != null);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aKeyPrefixIsPartOfTheKeyForEverybodyElse(Protocol protocol) throws Exception {
    String key = "prefixed" + number++;
    try (McDriver plain = connect(protocol, Kind.PLAIN);
        McDriver prefixing = connect(protocol, Kind.EVERYTHING)) {
      assertThat(prefixing.store(Verb.SET, key, "x", 0, 0)).isEqualTo(Outcome.DONE);
      assertThat(plain.get(key)).isNull();
      assertThat(plain.get("prefix:" + key)).extracting(Hit::value).isEqualTo("x");
      assertThat(plain.delete("prefix:" + key)).isEqualTo(Outcome.DONE);
      assertThat(prefixing.get(key)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aValueIsSeenThroughEveryGatewayAtOnce(Protocol protocol) throws Exception {
    InetSocketAddress one = cluster.startGateway(config -> config.withNearCache(16 << 20));
    InetSocketAddress two = cluster.startGateway(config -> config.withNearCache(16 << 20));
    String key = "shared" + number++;
    try (McDriver first = protocol.connect(one);
        McDriver second = protocol.connect(two)) {
      for (int i = 0; i < 200; i++) {
        McDriver writer = i % 2 == 0 ? first : second;
        McDriver reader = i % 2 == 0 ? second : first;
        assertThat(writer.store(Verb.SET, key, "value " + i, 0, 0)).isEqualTo(Outcome.DONE);
        assertThat(reader.get(key)).extracting(Hit::value).isEqualTo("value " + i);
        assertThat(writer.get(key)).extracting(Hit::value).isEqualTo("value " + i);
        assertThat(reader.get(key)).extracting(Hit::value).isEqualTo("value " + i);
      }
      assertThat(Long.parseLong(first.stats("").get("near_cache_hits"))).isPositive();
      assertThat(Long.parseLong(first.stats("").get("near_cache_validations"))).isGreaterThan(99);
    }
  }
}
