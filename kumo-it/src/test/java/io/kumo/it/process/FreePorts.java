package io.kumo.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports for processes, which are told theirs before they start. All are below those that the kernel
 * gives to outgoing connections: one of those could be in use by somebody else when a process that
 * was killed is started again. Those of one JVM are no other's, so that tests in several JVMs do
 * not get in each other's way: a port is free from when it is given until somebody listens.
 */
public final class FreePorts {
  private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);

  private static final int FIRST = 12_500;
  private static final int END = 32_000;
  private static final int ROW = 500;

  /** The last port of each row that this JVM has, bound so that no other takes the row. */
  private static final List<ServerSocket> CLAIMS = new ArrayList<>();

  /** The next single port, and the last of its row, which is not given. */
  private static int next;

  private static int last;

  private FreePorts() {}

  /** Not the same twice. */
  public static synchronized int one() {
    while (true) {
      while (next < last) {
        int port = next++;
        if (isFree(port)) {
          return port;
        }
      }
      next = row();
      last = next + ROW - 1;
    }
  }

  /** The first of 400, which are this JVM's until it ends. */
  public static synchronized int row() {
    int rows = (END - FIRST) / ROW;
    int start = ThreadLocalRandom.current().nextInt(rows);
    for (int i = 0; i < rows; i++) {
      int base = FIRST + (start + i) % rows * ROW;
      if (isFree(base) && isFree(base + 1) && isFree(base + 100) && claim(base + ROW - 1)) {
        return base;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean claim(int port) {
    try {
      return CLAIMS.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      LOG.debug("port {} is another's", port, e);
      return false;
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      LOG.debug("port {} is taken", port, e);
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
