package io.kumo.it.process;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One client that stores and reads, a few hundred times a second, whatever it is answered. */
final class Load implements AutoCloseable {
  private static final long PAUSE_NS = 2_000_000;

  private final int port;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Thread thread = new Thread(this::run, "load");

  private Load(int port) {
    this.port = port;
  }

  /** Begins, at the gateway that listens there. */
  static Load begin(int port) {
    Load load = new Load(port);
    load.thread.setDaemon(true);
    load.thread.start();
    return load;
  }

  private void run() {
    while (!ending.get()) {
      try (TextClient client = new TextClient(port)) {
        ask(client);
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  private void ask(TextClient client) throws IOException {
    for (int i = 0; !ending.get(); i++) {
      client.line("set key-%d 0 0 5\r\nvalue\r\n".formatted(i % 1000));
      for (int reads = 0; reads < 3; reads++) {
        client.lines("get key-%d\r\n".formatted(i * 7 % 1000));
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  @Override
  public void close() {
    ending.set(true);
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
