package io.kumo.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports for processes, which are told theirs before they start. All are below those that the kernel
 * gives to outgoing connections: one of those could be in use by somebody else when a process that
 * was killed is started again. Tests in several JVMs can ask at once.
 */
public final class FreePorts {
  private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);

  /** From here on, single ones; below, rows of them. */
  private static final int SINGLE = 22_500;

  private static final int FIRST_ROW = 12_500;
  private static final int END = 32_000;
  private static final int ROW = 500;
  private static final int TRIES = 1000;

  /** The last port of each row that this JVM has, bound so that no other takes the row. */
  private static final List<ServerSocket> CLAIMS = new ArrayList<>();

  /** Those that this JVM has been given: they are free until somebody listens. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  /** Not the same twice. */
  public static synchronized int one() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(SINGLE, END);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port");
  }

  /** The first of 400, which are this JVM's until it ends. */
  public static synchronized int row() {
    int rows = (SINGLE - FIRST_ROW) / ROW;
    int start = ThreadLocalRandom.current().nextInt(rows);
    for (int i = 0; i < rows; i++) {
      int base = FIRST_ROW + (start + i) % rows * ROW;
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
