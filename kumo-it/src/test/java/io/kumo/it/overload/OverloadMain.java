package io.kumo.it.overload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Prints, as a table, what honest clients of servers notice of troublesome ones. Arguments are how
 * many idle connections to make, the kinds of {@link Trouble} in small letters and with commas
 * between them, and {@code NAME=PORT:PID} of each server on loopback.
 */
public final class OverloadMain {
  private static final int PROBES = 8;
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
    int idle = Integer.parseInt(args[0]);
    List<Trouble> troubles = troubles(args[1]);
    List<Server> servers = Arrays.stream(args).skip(2).map(Server::parse).toList();
    System.out.println("| beside | | p50, ms | p99, ms | max, ms | no answer | memory, MB |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Server server : servers) {
      probe(server, () -> () -> {});
    }
    for (Trouble trouble : troubles) {
      for (Server server : servers) {
        String text = trouble == Trouble.IDLE ? idle + " " + trouble.text() : trouble.text();
        row(text, server, () -> trouble.begin(server.address(), idle));
      }
    }
  }

  private static List<Trouble> troubles(String names) {
    return Arrays.stream(names.split(","))
        .map(name -> Trouble.valueOf(name.toUpperCase(Locale.ROOT)))
        .toList();
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
    System.gc(); // not while it measures
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
