package io.kumo.it.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.it.overload.Crowd.Reading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ways in which clients can be a nuisance. */
public enum Trouble {
  NONE("nothing else"),
  UPLOADS("900 unfinished uploads of 1 MB"),
  DEAF("200 clients that do not read 20 gets of 1 MB each"),
  PIPELINE("100 000 quiet gets of one key in one go"),
  STORM("connects, one get, closes: 4 threads of it"),
  IDLE("idle connections");

  private static final int LARGE_BYTES = 1_000_000;
  private static final int QUIET_GETS = 100_000;

  private final String text;

  Trouble(String text) {
    this.text = text;
  }

  /** As reports show it. */
  public String text() {
    return text;
  }

  /**
   * Begins it; closing the result ends it.
   *
   * @param idle how many connections IDLE makes
   */
  public AutoCloseable begin(InetSocketAddress target, int idle) throws IOException {
    String body = "x".repeat(LARGE_BYTES);
    return switch (this) {
      case NONE -> () -> {};
      case UPLOADS ->
          new Crowd(target, 900, Reading.NOTHING, i -> "set h" + i + " 0 0 1048576\r\n", body);
      case DEAF -> {
        tell(target, "set big 0 0 " + LARGE_BYTES + "\r\n" + body + "\r\n", "STORED\r\n");
        yield new Crowd(target, 200, Reading.NOTHING, i -> "get big\r\n".repeat(20), "");
      }
      case PIPELINE -> {
        tell(target, "set one 0 0 1\r\nx\r\n", "STORED\r\n");
        String gets = getQuietly("one").repeat(QUIET_GETS);
        yield new Crowd(target, 1, Reading.EVERYTHING, i -> "", gets);
      }
      case STORM -> storm(target);
      case IDLE ->
          new Crowd(target, idle, Reading.NOTHING, i -> i % 2 == 0 ? "" : "get none\r\n", "");
    };
  }

  /** GETQ of the binary protocol, byte for byte as Latin-1. */
  private static String getQuietly(String key) {
    char[] header = new char[24];
    header[0] = 0x80;
    header[1] = 9;
    header[3] = (char) key.length();
    header[11] = (char) key.length();
    return new String(header) + key;
  }

  private static void tell(InetSocketAddress target, String request, String expected)
      throws IOException {
    try (Socket socket = new Socket(target.getAddress(), target.getPort())) {
      socket.setSoTimeout(Probe.TIMEOUT_MS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] answer = socket.getInputStream().readNBytes(expected.length());
      if (!expected.equals(new String(answer, ISO_8859_1))) {
        throw new IOException("expected " + expected.strip());
      }
    }
  }

  private static AutoCloseable storm(InetSocketAddress target) {
    AtomicBoolean stopped = new AtomicBoolean();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> reconnect(target, stopped), "storm");
      thread.setDaemon(true);
      thread.start();
    }
    return () -> stopped.set(true);
  }

  private static void reconnect(InetSocketAddress target, AtomicBoolean stopped) {
    while (!stopped.get()) {
      try {
        tell(target, "get none\r\n", "END\r\n");
      } catch (IOException e) {
        // Whoever storms is sometimes refused.
        Thread.onSpinWait();
      }
    }
  }
}
