package io.kumo.it.bench;

import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import io.kumo.client.KumoClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Gets through kumo-client and, in turn, through a gateway with another client library (Folsom, one
 * connection): the same cluster, this one process, the same closed loops on both.
 *
 * <p>{@code ClientBenchMain MANAGER_PORT GATEWAY_PORT SECONDS}, of a cluster on loopback.
 */
public final class ClientBenchMain {
  private static final int KEYS = 10_000;
  private static final int ROUNDS = 3;
  private static final int[] IN_FLIGHT = {1, 16, 64};
  private static final byte[] VALUE = new byte[100];

  private ClientBenchMain() {}

  /** A way to get the value of a key. */
  private interface Getter extends Function<String, CompletionStage<?>> {}

  /** What one round has measured. */
  private record Round(long perSecond, double p50Us, double p99Us) {}

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: ClientBenchMain MANAGER_PORT GATEWAY_PORT SECONDS");
      System.exit(2);
    }
    long roundNs = TimeUnit.SECONDS.toNanos(Integer.parseInt(args[2]));
    MemcacheClient<byte[]> folsom =
        MemcacheClientBuilder.newByteArrayClient()
            .withAddress("127.0.0.1", Integer.parseInt(args[1]))
            .connectAscii();
    folsom.awaitConnected(20, TimeUnit.SECONDS);
    try (KumoClient plain = connect(args[0], false);
        KumoClient polling = connect(args[0], true)) {
      List<CompletableFuture<?>> stores = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        stores.add(plain.set(key(i), VALUE));
      }
      stores.forEach(CompletableFuture::join);
      Map<String, Getter> ways = new LinkedHashMap<>();
      ways.put("gateway (Folsom)", folsom::get);
      ways.put("kumo-client", plain::get);
      ways.put("kumo-client, busyPolling", polling::get);
      report(ways, roundNs);
    }
    folsom.shutdown();
  }

  private static KumoClient connect(String managerPort, boolean busyPolling) {
    return KumoClient.builder()
        .manager("127.0.0.1", Integer.parseInt(managerPort))
        .busyPolling(busyPolling)
        .connect()
        .join();
  }

  private static String key(int number) {
    return String.format(Locale.ROOT, "bench-%026d", number);
  }

  /** Each way in turn, so that what else the machine does meets all; the median of the rounds. */
  private static void report(Map<String, Getter> ways, long roundNs) throws Exception {
    for (Getter way : ways.values()) {
      round(way, 64, roundNs);
    }
    System.out.println("| gets | in flight | /s | p50 us | p99 us |\n|---|---|---|---|---|");
    for (int inFlight : IN_FLIGHT) {
      Map<String, List<Round>> rounds = new LinkedHashMap<>();
      for (int i = 0; i < ROUNDS; i++) {
        for (Map.Entry<String, Getter> way : ways.entrySet()) {
          rounds
              .computeIfAbsent(way.getKey(), name -> new ArrayList<>())
              .add(round(way.getValue(), inFlight, roundNs));
        }
      }
      rounds.forEach((name, all) -> print(name, inFlight, all));
    }
  }

  private static void print(String name, int inFlight, List<Round> rounds) {
    List<Round> sorted = new ArrayList<>(rounds);
    sorted.sort((a, b) -> Long.compare(a.perSecond(), b.perSecond()));
    Round median = sorted.get(sorted.size() / 2);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.0f | %.0f |%n",
        name,
        inFlight,
        median.perSecond(),
        median.p50Us(),
        median.p99Us());
  }

  private static Round round(Getter way, int inFlight, long roundNs) throws Exception {
    Histogram latencies = new ConcurrentHistogram(3);
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(inFlight);
    SplittableRandom seeds = new SplittableRandom();
    long start = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      new Loop(way, latencies, over, ended, seeds.split()).next();
    }
    TimeUnit.NANOSECONDS.sleep(roundNs);
    over.set(true);
    if (!ended.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("gets without an answer");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(
        (long) (latencies.getTotalCount() / seconds),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3);
  }

  /** Asks for the next key when the last one is there. */
  private record Loop(
      Getter way,
      Histogram latencies,
      AtomicBoolean over,
      CountDownLatch ended,
      SplittableRandom random) {
    void next() {
      if (over.get()) {
        ended.countDown();
        return;
      }
      long asked = System.nanoTime();
      way.apply(key(random.nextInt(KEYS)))
          .whenComplete((found, failure) -> answered(asked, failure));
    }

    private void answered(long asked, @Nullable Throwable failure) {
      if (failure != null) {
        throw new IllegalStateException("a get failed", failure);
      }
      latencies.recordValue(System.nanoTime() - asked);
      next();
    }
  }
}
