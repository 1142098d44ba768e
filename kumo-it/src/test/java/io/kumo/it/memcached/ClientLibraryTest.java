package io.kumo.it.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.client.Item;
import io.kumo.client.ItemOptions;
import io.kumo.client.KumoClient;
import io.kumo.client.KumoException;
import io.kumo.client.KumoException.Reason;
import io.kumo.client.WriteResult;
import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** kumo-client against a cluster: the gateway's own cases, and what is the library's alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientLibraryTest {
  @TempDir static Path directory;

  private LocalCluster cluster;
  private InetSocketAddress manager;
  private KumoClient kumo;
  private int number;

  @BeforeAll
  void up() throws IOException {
    cluster = new LocalCluster(directory);
    manager = cluster.managerAddress().toSocketAddress();
    kumo = KumoClient.builder().manager(manager).connect().join();
  }

  @AfterAll
  void down() {
    kumo.close();
    cluster.close();
  }

  static Stream<String> cases() {
    return new McCases().all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void worksAsAGatewayDoes(String name) throws Exception {
    try (McDriver client = new LibraryDriver(manager)) {
      Objects.requireNonNull(new McCases().all().get(name)).run(client, "library" + number++);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private Item found(String key) {
    return kumo.get(key).join().orElseThrow();
  }

  @Test
  void whatOneStoresTheOtherReads() throws IOException {
    ItemOptions options = ItemOptions.DEFAULT.withFlags(0xfedc_ba98);
    try (McDriver gateway = new TextDriver(cluster.clientAddress())) {
      WriteResult stored = kumo.set("mine", bytes("of the library"), options).join();
      Hit seen = gateway.get("mine");
      assertThat(seen).isEqualTo(new Hit("of the library", 0xfedc_ba98L, stored.cas()));
      gateway.store(Verb.SET, "yours", "of a gateway", 7, 0);
      Item item = found("yours");
      assertThat(item.text()).isEqualTo("of a gateway");
      assertThat(item.flags()).isEqualTo(7);
      assertThat(gateway.cas("yours", "changed", item.cas())).isEqualTo(Outcome.DONE);
      assertThat(kumo.cas("yours", bytes("late"), item.cas()).join().status())
          .isEqualTo(WriteResult.Status.EXISTS);
    }
  }

  @Test
  void aWriteTellsTheVersionThatItMade() {
    long first = kumo.set("version", bytes("1")).join().cas();
    assertThat(found("version").cas()).isEqualTo(first);
    long second = kumo.cas("version", bytes("2"), first).join().cas();
    assertThat(Long.compareUnsigned(second, first)).isPositive();
    assertThat(found("version").cas()).isEqualTo(second);
  }

  @Test
  void anExpiryMayBeALifeOrATime() throws Exception {
    ItemOptions soon = ItemOptions.DEFAULT.expiringAfter(Duration.ofMillis(1));
    assertThat(soon.expiry()).isEqualTo(1);
    ItemOptions past = ItemOptions.DEFAULT.expiringAt(Instant.EPOCH);
    assertThat(kumo.set("past", bytes("x"), past).join().isDone()).isTrue();
    assertThat(kumo.get("past").join()).isEmpty();
    ItemOptions late = ItemOptions.DEFAULT.expiringAt(Instant.now().plusSeconds(1000));
    kumo.set("late", bytes("x"), late).join();
    assertThat(found("late").text()).isEqualTo("x");
    assertThatThrownBy(() -> ItemOptions.DEFAULT.expiringAfter(Duration.ofDays(31)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ItemOptions.DEFAULT.expiringAfter(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPrefixIsWhatAGatewayCallsOne() throws IOException {
    try (KumoClient prefixed =
        KumoClient.builder().manager(manager).keyPrefix("app:").connect().join()) {
      prefixed.set("key", bytes("x")).join();
      assertThat(found("app:key").text()).isEqualTo("x");
      assertThat(prefixed.multiGet(List.of("key", "none")).join()).containsOnlyKeys("key");
    }
  }

  @Test
  void manyKeysComeInTheirOrderAndOnce() {
    List<String> keys = IntStream.range(0, 500).mapToObj(i -> "many" + i).toList();
    List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
    keys.forEach(key -> writes.add(kumo.set(key, bytes(key))));
    writes.forEach(write -> assertThat(write.join().isDone()).isTrue());
    List<String> asked = new ArrayList<>(keys);
    asked.add("many7");
    asked.add("none");
    assertThat(kumo.multiGet(asked).join().keySet()).containsExactlyElementsOf(keys);
    assertThat(kumo.multiGet(List.of()).join()).isEmpty();
    assertThat(kumo.requestsInFlight()).isZero();
    assertThat(kumo.bytesInFlight()).isZero();
  }

  @Test
  void whatCallersDoWrongIsSaidAtOnce() {
    for (String key : List.of("", "k".repeat(251), "ä".repeat(126))) {
      assertThatThrownBy(() -> kumo.get(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> kumo.multiGet(List.of("good", key)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new ItemOptions(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KumoClient.builder().connect())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> KumoClient.builder().deadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(kumo.requestsInFlight()).isZero();
  }

  @Test
  void moreThanIsAllowedIsRefusedAndTheRestGoesOn() {
    try (KumoClient small =
        KumoClient.builder().manager(manager).maxRequests(10).maxBytes(5000).connect().join()) {
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        writes.add(small.set("busy" + i, bytes("x")));
      }
      List<Reason> failures = failures(writes);
      assertThat(failures).isNotEmpty().containsOnly(Reason.BUSY).hasSizeLessThan(291);
      assertThat(small.set("alone", new byte[20_000]).join().isDone()).isTrue();
      assertThat(small.get("alone").join().orElseThrow().value()).hasSize(20_000);
      small.set("alone2", new byte[20_000]).join();
      assertThat(failures(List.of(small.multiGet(List.of("alone", "alone2")))))
          .containsExactly(Reason.BUSY);
      assertThat(small.requestsInFlight()).isZero();
      assertThat(small.bytesInFlight()).isZero();
    }
  }

  private static List<Reason> failures(List<? extends CompletableFuture<?>> requests) {
    return requests.stream()
        .map(request -> request.<Optional<Reason>>handle((done, e) -> reason(e)).join())
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Reason> reason(Throwable e) {
    return e instanceof KumoException known ? Optional.of(known.reason()) : Optional.empty();
  }

  @Test
  void aClientThatIsClosedFailsWhatIsUnderWay() {
    KumoClient closing = KumoClient.builder().manager(manager).connect().join();
    List<CompletableFuture<?>> requests = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      requests.add(closing.set("closing" + i, bytes("x")));
    }
    closing.close();
    requests.add(closing.get("closing"));
    List<Reason> failures = failures(requests);
    assertThat(failures).isNotEmpty().containsOnly(Reason.CLOSED);
    assertThat(requests).allMatch(CompletableFuture::isDone);
  }

  @Test
  void futuresCompleteWhereTheyAreToldTo() {
    ExecutorService elsewhere = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
    try (KumoClient told =
        KumoClient.builder().manager(manager).completeOn(elsewhere).connect().join()) {
      CompletableFuture<String> thread =
          told.get("any").thenApply(found -> Thread.currentThread().getName());
      assertThat(List.of("mine", Thread.currentThread().getName())).contains(thread.join());
      elsewhere.shutdown();
      assertThat(told.get("any").join()).as("an executor that takes nothing").isEmpty();
    } finally {
      elsewhere.shutdown();
    }
  }

  @Test
  void aClusterThatIsNotThereIsWaitedForUntilThatIsGivenUp() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    CompletableFuture<KumoClient> never =
        KumoClient.builder().manager("127.0.0.1", nobody).connect();
    assertThat(never).isNotDone();
    assertThat(never.cancel(false)).isTrue();
  }
}
