package io.kumo.it.migration;

import io.kumo.it.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A real memcached or Redis on a free port of loopback; a test without one is skipped by name. */
final class OtherStore implements AutoCloseable {
  private final Process process;
  private final int port;

  private OtherStore(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static OtherStore memcached() throws IOException {
    int port = FreePorts.one();
    return start(
        port, List.of("memcached", "-u", "nobody", "-l", "127.0.0.1", "-U", "0", "-p", "" + port));
  }

  /** With a folder for its files, and an AOF that is text from its first byte. */
  static OtherStore redis(Path folder) throws IOException {
    int port = FreePorts.one();
    return start(
        port,
        List.of(
            "redis-server",
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--dir",
            folder.toString(),
            "--appendonly",
            "yes",
            "--aof-use-rdb-preamble",
            "no",
            "--save",
            ""));
  }

  private static OtherStore start(int port, List<String> command) throws IOException {
    String name = command.get(0);
    boolean isThere =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    if (!isThere) {
      System.err.println("SKIPPED: " + name + " is missing; it is in Debian's package of its name");
    }
    Assumptions.assumeTrue(isThere, name + " is missing");
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    OtherStore store = new OtherStore(process, port);
    Awaitility.await().until(store::accepts);
    return store;
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
