package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.protocol.Method;
import io.kumo.core.ring.NodeAddress;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.TextClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method, sent to a manager and a server by everybody who can be at the other end of a link:
 * who is answered is what docs/internals/access.md says. With {@code -Dkumo.docs.write=true} the
 * page is given what was found.
 */
class MethodAccessTest {
  private static final String SECRET = "the secret of this cluster";
  private static final String TABLE = "| method | id | a manager answers | a server answers |\n";
  private static final Path PAGE = Path.of("../docs/internals/access.md");

  /** Known to nobody: what was sent before it has been looked at when this is refused. */
  private static final int LAST_ID = (1 << 16) | 1;

  private static final NodeAddress NODE = NodeAddress.of(new byte[] {127, 0, 0, 1}, 9);
  private static final NodeAddress ORIGINAL = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);
  private static final List<String> DAEMONS = List.of("manager-0", "server-0");
  private static final int MANAGER = 1;
  private static final int SERVER = 2;
  private static final int GATEWAY = 3;
  private static final int TOOL = 4;

  @TempDir Path directory;

  @Test
  void whoMayAskForWhatIsOnThePage() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.useSecurity("--secret-file", secret().toString());
      cluster.useNodeArguments("--allow-original", ORIGINAL.toString());
      cluster.useCopies(1);
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
        String before = cluster.kumoctl("status");
        Map<String, Set<Method>> asClient = new LinkedHashMap<>();
        Map<String, Set<Method>> asNode = new LinkedHashMap<>();
        for (String daemon : DAEMONS) {
          assertStrangersAreNotAnswered(cluster, daemon);
        }
        assertThat(cluster.kumoctl("status")).isEqualTo(before);
        for (String daemon : DAEMONS) {
          asClient.put(daemon, clients(cluster, daemon));
          asNode.put(daemon, nodes(cluster, daemon));
        }
        comparePage(asClient, asNode);
        String now = cluster.kumoctl("status");
        for (String daemon : DAEMONS) {
          sendRefused(cluster, daemon, asClient.get(daemon));
        }
        assertThat(cluster.kumoctl("status")).as("what is refused changes nothing").isEqualTo(now);
        assertThat(client.get("key")).isEqualTo("value");
      }
    }
  }

  private Path secret() throws IOException {
    Path secret = directory.resolve("cluster.secret");
    Files.writeString(secret, SECRET + "\n");
    return Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  /** They are connected from where no original may be. */
  private static void assertStrangersAreNotAnswered(ClusterProcesses cluster, String daemon)
      throws IOException {
    for (boolean node : new boolean[] {false, true}) {
      try (Socket socket = connect(cluster, daemon, "127.0.0.2")) {
        assertThat(Stranger.answerTo(socket, Stranger.everyMethod(ORIGINAL, node))).isEmpty();
      }
    }
  }

  /** All who do not introduce themselves are answered the same; originals what they know. */
  private static Set<Method> clients(ClusterProcesses cluster, String daemon) throws IOException {
    Set<Method> tool = answered(cluster, daemon, TOOL, Stranger.everyMethod(NODE, false));
    for (int role : new int[] {MANAGER, SERVER, GATEWAY}) {
      assertThat(answered(cluster, daemon, role, Stranger.everyMethod(NODE, false)))
          .as("role %s at %s", role, daemon)
          .isEqualTo(tool);
    }
    assertThat(answered(cluster, daemon, 0, Stranger.everyMethod(ORIGINAL, false)))
        .as("an original's tool or gateway at %s", daemon)
        .isEqualTo(ofOriginals(tool));
    return tool;
  }

  /** And who may not introduce itself as a node is answered nothing when it does. */
  private static Set<Method> nodes(ClusterProcesses cluster, String daemon) throws IOException {
    for (int role : new int[] {GATEWAY, TOOL}) {
      try (Socket socket = connect(cluster, daemon, "127.0.0.1")) {
        shakeHands(socket, role);
        assertThat(Stranger.answerTo(socket, Stranger.everyMethod(NODE, true)))
            .as("role %s at %s", role, daemon)
            .isEmpty();
      }
    }
    Set<Method> manager = answered(cluster, daemon, MANAGER, Stranger.everyMethod(NODE, true));
    assertThat(answered(cluster, daemon, 0, Stranger.everyMethod(ORIGINAL, true)))
        .as("an original node at %s", daemon)
        .isEqualTo(ofOriginals(manager));
    return manager;
  }

  private static void sendRefused(
      ClusterProcesses cluster, String daemon, Set<Method> answeredMethods) throws IOException {
    Set<Method> refused = EnumSet.complementOf(EnumSet.copyOf(answeredMethods));
    for (int role : new int[] {SERVER, TOOL}) {
      assertThat(answered(cluster, daemon, role, Stranger.methods(refused)))
          .isEqualTo(answeredMethods);
    }
  }

  private static Set<Method> ofOriginals(Set<Method> methods) {
    Set<Method> known = EnumSet.copyOf(methods);
    known.removeIf(Method::isExtended);
    return known;
  }

  /**
   * Which of the methods were not refused as unknown, whatever came of them.
   *
   * @param role 0 for an original, which does not shake hands
   */
  private static Set<Method> answered(
      ClusterProcesses cluster, String daemon, int role, byte[] methods) throws IOException {
    Set<Method> answered = EnumSet.allOf(Method.class);
    try (Socket socket = connect(cluster, daemon, "127.0.0.1")) {
      if (role != 0) {
        shakeHands(socket, role);
      }
      socket.getOutputStream().write(Stranger.join(methods, Stranger.request(LAST_ID)));
      Pattern refused =
          Pattern.compile(
              "127\\.0\\.0\\.1:" + socket.getLocalPort() + " sent the unknown method (\\d+)");
      List<Integer> ids = new ArrayList<>();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                ids.clear();
                Matcher line = refused.matcher(cluster.process(daemon).output());
                while (line.find()) {
                  ids.add(Integer.parseInt(line.group(1)));
                }
                return ids.contains(LAST_ID);
              });
      answered.removeIf(method -> ids.contains(method.id()));
    }
    return answered;
  }

  private static void shakeHands(Socket socket, int role) throws IOException {
    byte[] hello = Stranger.hello(role, 0);
    socket.getOutputStream().write(hello);
    byte[] challenge = socket.getInputStream().readNBytes(Stranger.HELLO_BYTES);
    socket.getOutputStream().write(Stranger.proof(SECRET, hello, challenge));
    assertThat(socket.getInputStream().read()).as("welcome").isEqualTo('W');
    assertThat(socket.getInputStream().readNBytes(32)).hasSize(32);
  }

  private static Socket connect(ClusterProcesses cluster, String daemon, String from)
      throws IOException {
    String address = daemon.startsWith("manager") ? cluster.manager(0) : cluster.server(0);
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private static void comparePage(
      Map<String, Set<Method>> asClient, Map<String, Set<Method>> asNode) throws IOException {
    StringBuilder found = new StringBuilder(TABLE).append("|---|--:|---|---|\n");
    List<Method> methods = new ArrayList<>(List.of(Method.values()));
    methods.sort(Comparator.comparingInt(Method::id));
    for (Method method : methods) {
      found.append("| ").append(method).append(" | ").append(method.id());
      for (String daemon : DAEMONS) {
        boolean client = asClient.get(daemon).contains(method);
        boolean node = asNode.get(daemon).contains(method);
        found
            .append(" | ")
            .append(client && node ? "both" : client ? "clients" : node ? "nodes" : "");
      }
      found.append(" |\n");
    }
    String page = Files.readString(PAGE);
    String start = page.substring(0, page.indexOf(TABLE));
    if (Boolean.getBoolean("kumo.docs.write")) {
      Files.writeString(PAGE, start + found);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(start + found);
  }
}
