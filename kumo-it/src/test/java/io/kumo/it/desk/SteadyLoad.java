package io.kumo.it.desk;

import io.kumo.it.process.TextClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that know two gateways: each writes and reads keys of its own, one request at a time, and
 * goes to the other gateway when a connection ends. A request has failed when an answer says so, or
 * when neither gateway answers it.
 */
final class SteadyLoad implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final int KEYS = 25;

  private final int[] ports;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private volatile boolean ending;

  SteadyLoad(int... ports) {
    this.ports = ports;
    for (int number = 0; number < CLIENTS; number++) {
      Client client = new Client(number);
      Thread thread = new Thread(client::run, "load-" + number);
      threads.add(thread);
      thread.start();
    }
  }

  /** Requests that were answered so far. */
  long requests() {
    return requests.get();
  }

  /** What failed, or was answered by something else than what had been stored. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends when each client has read all of its keys once more. */
  @Override
  public void close() {
    ending = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Confined to its thread. */
  private final class Client {
    private final String prefix;
    private final @Nullable String[] stored = new String[KEYS];
    private int gateway;
    private @Nullable TextClient connection;

    Client(int number) {
      prefix = "client-" + number + "-";
      gateway = number % ports.length;
    }

    void run() {
      for (int round = 0; !ending; round++) {
        int key = round % KEYS;
        set(key, "value-" + round);
        check((key * 7 + round) % KEYS);
      }
      for (int key = 0; key < KEYS; key++) {
        check(key);
      }
      disconnect();
    }

    private void set(int key, String value) {
      String answer = ask(client -> client.set(prefix + key, value));
      stored[key] = value;
      if (!"STORED".equals(answer)) {
        failures.add("set " + prefix + key + ": " + answer);
      }
    }

    private void check(int key) {
      String found = ask(client -> String.valueOf(client.get(prefix + key)));
      if (!String.valueOf(stored[key]).equals(found)) {
        failures.add("get " + prefix + key + ": " + found + " and not " + stored[key]);
      }
    }

    /** Of one gateway, else of the other; what the last one had to say when none answers. */
    private String ask(Request request) {
      String why = "";
      for (int i = 0; i < 2 * ports.length; i++) {
        try {
          String answer = request.of(connected());
          requests.incrementAndGet();
          return answer;
        } catch (IOException e) {
          why = e.toString();
          disconnect();
          gateway = (gateway + 1) % ports.length;
        }
      }
      return why;
    }

    private TextClient connected() throws IOException {
      TextClient open = connection;
      if (open == null) {
        open =
            new TextClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[gateway]));
        connection = open;
      }
      return open;
    }

    private void disconnect() {
      TextClient open = connection;
      connection = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          failures.add("close: " + e);
        }
      }
    }
  }

  private interface Request {
    String of(TextClient client) throws IOException;
  }
}
