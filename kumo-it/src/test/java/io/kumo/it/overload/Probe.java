package io.kumo.it.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * An honest client: nine gets and a set of a small value, over and over, at a fixed rate. A request
 * counts from when it was due, so that one that waits delays those behind it in the figures too.
 */
final class Probe implements Callable<Histogram> {
  static final int TIMEOUT_MS = 20_000;

  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int SETS_EVERY = 10;
  private static final String VALUE = "v".repeat(100);

  private final InetSocketAddress target;
  private final String key;
  private final long durationNs;
  private final Histogram latencyNs = new Histogram(3);

  Probe(InetSocketAddress target, int number, long durationNs) {
    this.target = target;
    this.key = "probe" + number;
    this.durationNs = durationNs;
  }

  /** The latencies, in nanoseconds; a request without an answer ends it with an exception. */
  @Override
  public Histogram call() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(target, TIMEOUT_MS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      long beganNs = System.nanoTime();
      for (int i = 0; i * INTERVAL_NS < durationNs; i++) {
        long dueNs = beganNs + i * INTERVAL_NS;
        LockSupport.parkNanos(dueNs - System.nanoTime());
        ask(socket, in, i % SETS_EVERY == 0);
        latencyNs.recordValue(Math.max(1, System.nanoTime() - dueNs));
      }
      return latencyNs;
    }
  }

  private void ask(Socket socket, InputStream in, boolean set) throws IOException {
    String request =
        set
            ? "set " + key + " 0 0 " + VALUE.length() + "\r\n" + VALUE + "\r\n"
            : "get " + key + "\r\n";
    String expected =
        set
            ? "STORED\r\n"
            : "VALUE " + key + " 0 " + VALUE.length() + "\r\n" + VALUE + "\r\nEND\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String answer = new String(in.readNBytes(expected.length()), ISO_8859_1);
    if (!answer.equals(expected)) {
      throw new IOException("asked " + request.strip() + ", got " + answer.strip());
    }
  }
}
