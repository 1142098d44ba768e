package io.kumo.it.cost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a get or a set costs the gateway, and all three servers together: processor time of their
 * threads and bytes that they allocate. The cluster is in this process, on real sockets and files;
 * one client has so many requests under way. Neither is a matter of wall time, so a busy machine
 * may measure it: run what is to be compared in turn.
 *
 * <p>{@code CostMain FOLDER get|set IN_FLIGHT ROUNDS}, a round being 300 000 requests.
 */
public final class CostMain {
  private static final int KEYS = 4096;
  private static final int REQUESTS = 300_000;
  private static final String VALUE = "v".repeat(100);
  private static final String STORED = "STORED\r\n";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What is sent in one go, and how many bytes of answers come. */
  private record Batch(String requests, int answerBytes) {}

  /** Of all threads whose names begin alike. */
  private record Spent(long bytes, long cpuNs) {
    static Spent by(String name) {
      long bytes = 0;
      long cpuNs = 0;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith(name)) {
          bytes += THREADS.getThreadAllocatedBytes(thread.getId());
          cpuNs += THREADS.getThreadCpuTime(thread.getId());
        }
      }
      return new Spent(bytes, cpuNs);
    }

    String since(Spent before, double requests) {
      return "%.2f us, %.0f bytes"
          .formatted((cpuNs - before.cpuNs) / 1000.0 / requests, (bytes - before.bytes) / requests);
    }
  }

  private CostMain() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 4 || !args[1].matches("get|set")) {
      System.err.println("usage: CostMain FOLDER get|set IN_FLIGHT ROUNDS");
      System.exit(2);
    }
    int inFlight = Integer.parseInt(args[2]);
    try (LocalCluster cluster = new LocalCluster(Path.of(args[0]));
        Socket socket = new Socket()) {
      socket.connect(cluster.clientAddress());
      socket.setTcpNoDelay(true);
      exchange(socket, batches(false, inFlight));
      List<Batch> batches = batches(args[1].equals("get"), inFlight);
      measure(socket, batches, inFlight); // Compiles.
      for (int round = 1; round <= Integer.parseInt(args[3]); round++) {
        System.out.println(args[1] + ", " + measure(socket, batches, inFlight));
      }
    }
  }

  private static List<Batch> batches(boolean gets, int inFlight) {
    List<Batch> batches = new ArrayList<>();
    for (int first = 0; first < KEYS; first += inFlight) {
      StringBuilder requests = new StringBuilder();
      int answerBytes = 0;
      for (int i = first; i < Math.min(KEYS, first + inFlight); i++) {
        String key = "key-of-a-usual-length-%010d".formatted(i);
        requests.append(
            gets ? "get " + key + "\r\n" : "set " + key + " 0 0 100\r\n" + VALUE + "\r\n");
        String answer = gets ? "VALUE " + key + " 0 100\r\n" + VALUE + "\r\nEND\r\n" : STORED;
        answerBytes += answer.length();
      }
      batches.add(new Batch(requests.toString(), answerBytes));
    }
    return batches;
  }

  private static String measure(Socket socket, List<Batch> batches, int inFlight)
      throws IOException {
    Spent gateway = Spent.by("gateway");
    Spent servers = Spent.by("server-");
    int requests = 0;
    for (; requests < REQUESTS; requests += KEYS) {
      exchange(socket, batches);
    }
    return "%d in flight: gateway %s; servers %s"
        .formatted(
            inFlight,
            Spent.by("gateway").since(gateway, requests),
            Spent.by("server-").since(servers, requests));
  }

  private static void exchange(Socket socket, List<Batch> batches) throws IOException {
    OutputStream out = socket.getOutputStream();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (Batch batch : batches) {
      out.write(batch.requests().getBytes(US_ASCII));
      in.readFully(new byte[batch.answerBytes()]);
    }
  }
}
