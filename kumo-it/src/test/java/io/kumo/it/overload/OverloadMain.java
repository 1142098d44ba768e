package io.kumo.it.overload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Prints, as a table, what honest clients of servers notice of troublesome ones. Each argument is
 * {@code NAME=PORT:PID} of a server on loopback; a number before them is how many idle connections
 * to make.
 */
public final class OverloadMain {
  private static final int PROBES = 8;
  private static final int DEFAULT_IDLE = 900;
  private static final long DURATION_NS = TimeUnit.SECONDS.toNanos(6);

  private record Server(String name, InetSocketAddress address, String pid) {
    static Server parse(String text) {
      String[] parts = text.split("[=:]", -1);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      int port = Integer.parseInt(parts[1]);
      return new Server(parts[0], new InetSocketAddress(loopback, port), parts[2]);
    }

    /** Resident memory in MB. */
    long memory() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
        }
      }
      return 0;
    }
  }

  private OverloadMain() {}

  public static void main(String[] args) throws Exception {
    boolean counted = args.length > 0 && args[0].matches("\\d+");
    int idle = counted ? Integer.parseInt(args[0]) : DEFAULT_IDLE;
    List<Server> servers = new ArrayList<>();
    for (int i = counted ? 1 : 0; i < args.length; i++) {
      servers.add(Server.parse(args[i]));
    }
    System.out.println("| beside | | p50, ms | p99, ms | max, ms | no answer | memory, MB |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Server server : servers) {
      probe(server, () -> () -> {});
    }
    for (Trouble trouble : Trouble.values()) {
      for (Server server : servers) {
        String text = trouble == Trouble.IDLE ? idle + " " + trouble.text() : trouble.text();
        row(text, server, () -> trouble.begin(server.address(), idle));
      }
    }
  }

  private static void row(String trouble, Server server, Callable<AutoCloseable> begin)
      throws Exception {
    Result result = probe(server, begin);
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %s | %.2f | %.2f | %.1f | %d | %d |",
            trouble,
            server.name(),
            result.latencyNs().getValueAtPercentile(50) / 1e6,
            result.latencyNs().getValueAtPercentile(99) / 1e6,
            result.latencyNs().getMaxValue() / 1e6,
            result.failed(),
            result.memory()));
  }

  /**
   * What all probes saw together.
   *
   * @param failed probes that got no answer, or a wrong one
   * @param memory of the server in the end, in MB
   */
  private record Result(Histogram latencyNs, int failed, long memory) {}

  /** The probes are there before the trouble begins, as honest clients are. */
  private static Result probe(Server server, Callable<AutoCloseable> begin) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PROBES);
    List<Future<Histogram>> running = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      running.add(threads.submit(new Probe(server.address(), i, DURATION_NS)));
    }
    TimeUnit.NANOSECONDS.sleep(DURATION_NS / 8);
    AutoCloseable trouble = begin.call();
    Histogram all = new Histogram(3);
    int failed = 0;
    for (Future<Histogram> one : running) {
      try {
        all.add(one.get());
      } catch (ExecutionException e) {
        failed++;
        System.err.println(server.name() + ": " + e.getCause());
      }
    }
    threads.shutdown();
    long memory = server.memory();
    trouble.close();
    return new Result(all, failed, memory);
  }
}
