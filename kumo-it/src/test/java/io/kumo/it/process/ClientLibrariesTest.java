package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unchanged client libraries against a cluster of real processes. */
class ClientLibrariesTest {
  @TempDir static Path directory;

  private static ClusterProcesses cluster;

  @BeforeAll
  static void up() {
    cluster = ClusterProcesses.up(directory, 3);
  }

  @AfterAll
  static void down() {
    cluster.close();
  }

  private static InetSocketAddress gateway() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.gatewayPort());
  }

  @ParameterizedTest
  @EnumSource(ConnectionFactoryBuilder.Protocol.class)
  void spymemcachedWorks(ConnectionFactoryBuilder.Protocol protocol) throws Exception {
    MemcachedClient client =
        new MemcachedClient(
            new ConnectionFactoryBuilder()
                .setProtocol(protocol)
                .setOpTimeout(Duration.ofSeconds(20).toMillis())
                .build(),
            List.of(gateway()));
    try {
      String prefix = "spy-" + protocol + "-";
      assertThat(client.set(prefix + "a", 0, "one").get()).isTrue();
      assertThat(client.set(prefix + "b", 0, "two").get()).isTrue();
      assertThat(client.add(prefix + "a", 0, "no").get()).isFalse();
      assertThat(client.get(prefix + "a")).isEqualTo("one");
      assertThat(client.getBulk(prefix + "a", prefix + "b", prefix + "none"))
          .isEqualTo(Map.of(prefix + "a", "one", prefix + "b", "two"));
      CASValue<Object> versioned = client.gets(prefix + "a");
      assertThat(client.cas(prefix + "a", versioned.getCas(), "new")).isEqualTo(CASResponse.OK);
      assertThat(client.cas(prefix + "a", versioned.getCas(), "old")).isEqualTo(CASResponse.EXISTS);
      assertThat(client.cas(prefix + "none", 1, "old")).isEqualTo(CASResponse.NOT_FOUND);
      assertThat(client.incr(prefix + "count", 5, 10)).isEqualTo(10);
      assertThat(client.incr(prefix + "count", 5)).isEqualTo(15);
      assertThat(client.decr(prefix + "count", 20)).isZero();
      assertThat(client.append(prefix + "b", "+").get()).isTrue();
      assertThat(client.prepend(prefix + "b", "-").get()).isTrue();
      assertThat(client.get(prefix + "b")).isEqualTo("-two+");
      assertThat(client.touch(prefix + "b", 100).get()).isTrue();
      assertThat(client.replace(prefix + "none", 0, "x").get()).isFalse();
      assertThat(client.delete(prefix + "a").get()).isTrue();
      assertThat(client.delete(prefix + "a").get()).isFalse();
      assertThat(client.get(prefix + "a")).isNull();
      byte[] large = new byte[1024 * 1024 - 512];
      for (int i = 0; i < large.length; i++) {
        large[i] = (byte) ((i * 31) >>> 3);
      }
      assertThat(client.set(prefix + "large", 0, large).get()).isTrue();
      assertThat((byte[]) client.get(prefix + "large")).isEqualTo(large);
      assertThat(client.getStats()).isNotEmpty();
    } finally {
      client.shutdown(1, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void xmemcachedWorks(boolean binary) throws Exception {
    XMemcachedClientBuilder builder = new XMemcachedClientBuilder(List.of(gateway()));
    builder.setCommandFactory(binary ? new BinaryCommandFactory() : new TextCommandFactory());
    builder.setOpTimeout(Duration.ofSeconds(20).toMillis());
    net.rubyeye.xmemcached.MemcachedClient client = builder.build();
    try {
      String prefix = "x-" + binary + "-";
      assertThat(client.set(prefix + "a", 0, "one")).isTrue();
      assertThat(client.set(prefix + "b", 0, "two")).isTrue();
      assertThat(client.<String>get(prefix + "a")).isEqualTo("one");
      assertThat(client.<String>get(List.of(prefix + "a", prefix + "b", prefix + "none")))
          .isEqualTo(Map.of(prefix + "a", "one", prefix + "b", "two"));
      GetsResponse<String> versioned = client.gets(prefix + "a");
      assertThat(client.cas(prefix + "a", 0, "new", versioned.getCas())).isTrue();
      assertThat(client.cas(prefix + "a", 0, "old", versioned.getCas())).isFalse();
      assertThat(client.incr(prefix + "count", 5, 10)).isEqualTo(10);
      assertThat(client.incr(prefix + "count", 5, 10)).isEqualTo(15);
      assertThat(client.decr(prefix + "count", 20, 0)).isZero();
      assertThat(client.add(prefix + "a", 0, "x")).isFalse();
      assertThat(client.replace(prefix + "none", 0, "x")).isFalse();
      client.setWithNoReply(prefix + "quiet", 0, "q");
      assertThat(client.<String>get(prefix + "quiet")).isEqualTo("q");
      assertThat(client.touch(prefix + "b", 100)).isTrue();
      assertThat(client.delete(prefix + "a")).isTrue();
      assertThat(client.<String>get(prefix + "a")).isNull();
    } finally {
      client.shutdown();
    }
  }

  @Test
  void folsomWorksInText() throws Exception {
    MemcacheClient<String> client =
        MemcacheClientBuilder.newStringClient(UTF_8)
            .withAddress("127.0.0.1", cluster.gatewayPort())
            .connectAscii();
    exerciseFolsom(client, "folsom-text-");
  }

  @Test
  void folsomWorksInBinary() throws Exception {
    BinaryMemcacheClient<String> client =
        MemcacheClientBuilder.newStringClient(UTF_8)
            .withAddress("127.0.0.1", cluster.gatewayPort())
            .connectBinary();
    exerciseFolsom(client, "folsom-binary-");
  }

  private static void exerciseFolsom(MemcacheClient<String> client, String prefix)
      throws Exception {
    try {
      client.awaitConnected(20, TimeUnit.SECONDS);
      assertThat(client.set(prefix + "a", "one", 0).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.OK);
      assertThat(client.set(prefix + "b", "two", 0).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.OK);
      assertThat(client.get(prefix + "a").toCompletableFuture().get()).isEqualTo("one");
      assertThat(
              client
                  .get(List.of(prefix + "a", prefix + "none", prefix + "b"))
                  .toCompletableFuture()
                  .get())
          .containsExactly("one", null, "two");
      GetResult<String> versioned = client.casGet(prefix + "a").toCompletableFuture().get();
      assertThat(client.set(prefix + "a", "new", 0, versioned.getCas()).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.OK);
      assertThat(client.set(prefix + "a", "old", 0, versioned.getCas()).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.KEY_EXISTS);
      assertThat(client.add(prefix + "a", "x", 0).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.ITEM_NOT_STORED);
      assertThat(client.touch(prefix + "b", 100).toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.OK);
      assertThat(client.delete(prefix + "a").toCompletableFuture().get())
          .isEqualTo(MemcacheStatus.OK);
      assertThat(client.get(prefix + "a").toCompletableFuture().get()).isNull();
    } finally {
      client.shutdown();
    }
  }
}
