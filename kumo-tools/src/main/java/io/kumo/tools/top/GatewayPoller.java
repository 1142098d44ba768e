package io.kumo.tools.top;

import io.kumo.core.cli.Cli;
import io.kumo.core.ring.NodeAddress;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks gateways for memcached's {@code stats}, again and again. Not thread-safe. */
final class GatewayPoller implements AutoCloseable {
  private static final int MAX_LINES = 1000;

  private final Duration patience;
  private final Map<InetSocketAddress, Session> sessions = new HashMap<>();
  private final Map<InetSocketAddress, Seen> before = new HashMap<>();

  private record Seen(Map<String, Long> stats, long atNs) {}

  /** An open connection. */
  private static final class Session {
    private final Socket socket;
    private final BufferedReader lines;

    Session(InetSocketAddress address, int patienceMillis) throws IOException {
      socket = new Socket();
      socket.connect(address, patienceMillis);
      socket.setSoTimeout(patienceMillis);
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    Map<String, Long> stats() throws IOException {
      socket.getOutputStream().write("stats\r\n".getBytes(StandardCharsets.US_ASCII));
      Map<String, Long> stats = new HashMap<>();
      for (int i = 0; i < MAX_LINES; i++) {
        String line = lines.readLine();
        if (line == null) {
          throw new EOFException("connection closed before the answer");
        } else if (line.equals("END")) {
          return stats;
        }
        String[] words = line.split(" ", -1);
        if (words.length == 3 && words[2].matches("\\d{1,18}")) {
          stats.put(words[1], Long.valueOf(words[2]));
        }
      }
      throw new IOException("its stats do not end");
    }
  }

  GatewayPoller(Duration patience) {
    this.patience = patience;
  }

  /**
   * Those that are not among them any more are let go.
   *
   * @param nowNs on the monotonic clock
   */
  List<GatewayRow> poll(List<InetSocketAddress> gateways, long nowNs) {
    for (InetSocketAddress former : List.copyOf(sessions.keySet())) {
      if (!gateways.contains(former)) {
        drop(former);
      }
    }
    List<GatewayRow> rows = new ArrayList<>();
    for (InetSocketAddress gateway : gateways) {
      rows.add(row(gateway, nowNs));
    }
    return rows;
  }

  private GatewayRow row(InetSocketAddress gateway, long nowNs) {
    String name = NodeAddress.of(gateway).toString();
    try {
      Session session = sessions.get(gateway);
      if (session == null) {
        session = new Session(gateway, Math.toIntExact(patience.toMillis()));
        sessions.put(gateway, session);
      }
      Seen now = new Seen(session.stats(), nowNs);
      Seen earlier = before.put(gateway, now);
      return new GatewayRow(
          name,
          rate(earlier, now, "cmd_get"),
          rate(earlier, now, "cmd_set"),
          now.stats().getOrDefault("curr_connections", 0L),
          now.stats().getOrDefault("failures", 0L),
          null);
    } catch (IOException e) {
      drop(gateway);
      return new GatewayRow(name, 0, 0, 0, 0, Cli.describe(e));
    }
  }

  private static long rate(@Nullable Seen earlier, Seen now, String name) {
    if (earlier == null) {
      return 0;
    }
    long more = now.stats().getOrDefault(name, 0L) - earlier.stats().getOrDefault(name, 0L);
    return Math.max(0, Math.round(more / (Math.max(1, now.atNs() - earlier.atNs()) / 1e9)));
  }

  private void drop(InetSocketAddress gateway) {
    before.remove(gateway);
    Session session = sessions.remove(gateway);
    if (session != null) {
      close(session);
    }
  }

  /** What cannot be closed is gone already. */
  private static void close(Session session) {
    try {
      session.socket.close();
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(GatewayPoller::close);
    sessions.clear();
  }
}
