package io.kumo.it.chaos;

import io.kumo.core.ring.HashSpace;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.TextClient;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of damage on a cluster of two managers, four servers or more and a gateway, each under
 * load on keys of its own. When a round has healed its keys are read once more, its history is
 * judged, and keys of former rounds, deleted ones among them, are read again.
 */
final class Chaos implements AutoCloseable {
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final int LEAST_SERVERS = 4;
  private static final int CLIENTS = 8;
  private static final int KEYS = 48;
  private static final int FILL = 20_000;
  private static final int FILL_AT_ONCE = 500;
  private static final int REREAD = 400;
  private static final int READ_TRIES = 40;
  private static final Duration READ_PAUSE = Duration.ofMillis(250);

  private final ClusterProcesses cluster;
  private final SplittableRandom random;
  private final Breaker breaker;
  private final Findings findings = new Findings();
  private final Map<String, @Nullable String> settled = new TreeMap<>();

  Chaos(Path directory, long seed) {
    this(directory, seed, HashSpace.DEFAULT_COPIES);
  }

  /**
   * Starts nothing yet.
   *
   * @param copies of a record
   */
  Chaos(Path directory, long seed, int copies) {
    random = new SplittableRandom(seed);
    cluster = new ClusterProcesses(directory, 2, Math.max(LEAST_SERVERS, copies + 1));
    cluster.useCopies(copies);
    cluster.useStoreArguments("--shards", "2", "--log-size", "64m", "--dirty-memory", "32m");
    breaker = new Breaker(cluster, random.split());
  }

  Findings run(int rounds) throws Exception {
    cluster.startAll();
    fill();
    for (int round = 1; round <= rounds; round++) {
      Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
      if (!round(round, fault)) {
        break;
      }
      if (round % 10 == 0) {
        System.out.println(findings);
      }
    }
    rereadAll(rounds);
    return findings;
  }

  /** Gives rebalances something to do. */
  private void fill() throws IOException {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int from = 0; from < FILL; from += FILL_AT_ONCE) {
        List<String> keys =
            IntStream.range(from, from + FILL_AT_ONCE).mapToObj(n -> "f" + n).toList();
        List<String> answers = client.pipeline(keys.stream().map(Chaos::fillRequest).toList());
        for (int i = 0; i < keys.size(); i++) {
          if ("STORED".equals(answers.get(i))) {
            settled.put(keys.get(i), fillValue(keys.get(i)));
          }
        }
      }
    }
  }

  private static String fillValue(String key) {
    return key + "-".repeat(80);
  }

  private static String fillRequest(String key) {
    String value = fillValue(key);
    return "set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n";
  }

  /** Whether the cluster has healed. */
  private boolean round(int round, Fault fault) throws Exception {
    Log log = new Log();
    String prefix = "r" + round + "-";
    List<Client> clients = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(i, cluster.gatewayPort(), log, prefix, KEYS, random.split());
      clients.add(client);
      threads.add(new Thread(client, "client-" + i));
    }
    threads.forEach(Thread::start);
    LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(400)).toNanos());
    boolean healed;
    try {
      breaker.inflict(fault);
      healed = breaker.heal();
    } finally {
      clients.forEach(Client::stop);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    if (!healed) {
      findings.report(round, fault, "not healed: " + breaker.anyManager("status").output());
    }
    readBack(log, prefix);
    findings.judge(round, fault, log.history());
    rereadSome(round, fault);
    return healed;
  }

  private void readBack(Log log, String prefix) throws IOException {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (int i = 0; i < KEYS; i++) {
        readBack(log, client, prefix + "k" + i);
        if (i < KEYS / 4) {
          readBack(log, client, prefix + "n" + i);
        }
      }
    }
  }

  private void readBack(Log log, TextClient client, String key) throws IOException {
    ClientOp op = log.call(Findings.READER, OpKind.GET, key, "", 0);
    Log.Answer answer = untilAnswered(() -> Conversation.read(client, key));
    log.answer(op, answer);
    settled.put(key, answer.value());
  }

  private void rereadSome(int round, Fault fault) throws IOException {
    List<String> keys = new ArrayList<>(settled.keySet());
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < REREAD; i++) {
      chosen.add(keys.get(random.nextInt(keys.size())));
    }
    reread(round, fault, chosen);
  }

  private void rereadAll(int round) throws IOException {
    reread(round, Fault.KILL_SERVER, List.copyOf(settled.keySet()));
  }

  private void reread(int round, Fault fault, List<String> keys) throws IOException {
    try (TextClient client = new TextClient(cluster.gatewayPort())) {
      for (String key : keys) {
        String value = untilAnswered(() -> client.get(key));
        findings.rereadOf(round, fault, key, settled.get(key), value);
      }
    }
  }

  /** A read may be answered SERVER_ERROR for a while after a fault; that is not yet a finding. */
  private static <T> T untilAnswered(Reading<T> reading) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return reading.read();
      } catch (IOException e) {
        if (tries == READ_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(READ_PAUSE.toNanos());
      }
    }
  }

  /** One try to read. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  @Override
  public void close() {
    cluster.close();
  }

  /** Runs rounds by hand: {@code [rounds] [seed]}. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Path directory = Files.createTempDirectory("kumo-chaos");
    System.out.println("seed " + seed + ", logs and data in " + directory);
    Findings findings;
    try (Chaos chaos = new Chaos(directory, seed)) {
      Runtime.getRuntime().addShutdownHook(new Thread(chaos::close));
      findings = chaos.run(rounds);
    }
    System.out.println(findings);
    System.exit(findings.problems().isEmpty() ? 0 : 1);
  }
}
