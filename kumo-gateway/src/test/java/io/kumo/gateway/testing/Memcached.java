package io.kumo.gateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A real memcached 1.6.18 on a free loopback port, to compare with. */
public final class Memcached implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/memcached");
  private static final String VERSION = "VERSION 1.6.18\r\n";

  private final Process process;
  private final int port;

  private Memcached(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one; skips the test where there is no {@code /usr/bin/memcached} of that version. */
  public static Memcached start() throws IOException {
    Memcached memcached = start(Map.of());
    String version = Awaitility.await().ignoreExceptions().until(memcached::version, v -> true);
    assumeTrue(version.equals(VERSION), "not the version compared with");
    return memcached;
  }

  /** The same that has clients say who they are. */
  public static Memcached start(Map<String, String> environment, String... options)
      throws IOException {
    assumeTrue(Files.isExecutable(PROGRAM), "no memcached to compare with");
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-U", "0"));
    command.addAll(List.of("-u", System.getProperty("user.name")));
    command.addAll(List.of("-l", "127.0.0.1", "-p", Integer.toString(port)));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Memcached memcached = new Memcached(builder.start(), port);
    Awaitility.await().ignoreExceptions().until(memcached::isThere);
    return memcached;
  }

  private boolean isThere() throws IOException {
    new RawClient(port).close();
    return true;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String version() throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.ask("version\r\n");
    }
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
