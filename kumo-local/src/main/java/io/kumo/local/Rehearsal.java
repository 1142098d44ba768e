package io.kumo.local;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.Logging;
import io.kumo.core.ring.NodeAddress;
import io.kumo.gateway.GatewayMain;
import io.kumo.manager.ManagerMain;
import io.kumo.server.ServerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Does a little of everything that programs do, and ends: a JVM that runs it has loaded the classes
 * that are worth keeping in an archive. {@code scripts/lib/archive.sh} makes one of them.
 */
public final class Rehearsal {
  private static final String MANAGER = "MANAGER";
  private static final int PATIENCE_MS = 60_000;

  /** What clients say, so that each kind of operation has passed through all of the cluster. */
  private static final List<String> REQUESTS =
      List.of(
          "set rehearsal 0 0 5\r\nvalue\r\n",
          "get rehearsal\r\n",
          "gets rehearsal absent\r\n",
          "append rehearsal 0 0 1\r\n1\r\n",
          "set number 0 60 1\r\n1\r\n",
          "incr number 1\r\n",
          "mg rehearsal v c\r\n",
          "ms rehearsal 1\r\nx\r\n",
          "touch number 60\r\n",
          "delete number\r\n",
          "stats\r\n");

  private Rehearsal() {}

  /**
   * Fails when the cluster does not come up, or a tool does not find it as it should be.
   *
   * @param args command lines of tools, each one word for the shell: main class, arguments, {@code
   *     MANAGER} for the address of the manager
   */
  public static void main(String[] args) throws Exception {
    Logging.start(true, null, Logging.Format.TEXT);
    for (Callable<Integer> daemon :
        List.of(new ManagerMain(), new ServerMain(), new GatewayMain(), new KumoLocalMain())) {
      need("--version", Cli.run(daemon, "--version"));
    }
    try (LocalCluster cluster = LocalCluster.start()) {
      askAsAClient(cluster.memcached());
      for (String tool : args) {
        need(tool, run(tool.replace(MANAGER, NodeAddress.of(cluster.manager()).toString())));
      }
    }
    Logging.quiet();
    System.exit(0);
  }

  private static void need(String what, int exitCode) throws IOException {
    if (exitCode != 0) {
      throw new IOException(what + ": exit code " + exitCode);
    }
  }

  private static int run(String tool) throws ReflectiveOperationException {
    String[] words = tool.split(" ");
    @SuppressWarnings("unchecked") // the main class of a program is its command
    Callable<Integer> command =
        Class.forName(words[0]).asSubclass(Callable.class).getDeclaredConstructor().newInstance();
    return Cli.run(command, List.of(words).subList(1, words.length).toArray(new String[0]));
  }

  private static void askAsAClient(InetSocketAddress gateway) throws IOException {
    try (Socket socket = new Socket(gateway.getAddress(), gateway.getPort())) {
      socket.setSoTimeout(PATIENCE_MS);
      for (String request : REQUESTS) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      }
      socket.getOutputStream().write("quit\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      need("set", "STORED".equals(answers.readLine()) ? 0 : 1);
      need("stats", answers.lines().anyMatch("END"::equals) ? 0 : 1);
    }
  }
}
