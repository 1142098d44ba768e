package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.client.KumoClient;
import io.kumo.core.ring.NodeAddress;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of processes that have a secret in common: whoever has none, a wrong one, the former
 * one or another cluster's reads, changes and stops nothing at any of its ports, and those who
 * belong to it are served meanwhile.
 */
class LinkStrangersTest {
  private static final String SECRET = "the secret of this cluster";
  private static final String NEW_SECRET = "the next secret of this cluster";
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {127, 0, 0, 1}, 9);
  private static final int SERVERS = 3;

  @TempDir Path directory;

  @Test
  void theyReadChangeAndStopNothing() throws Exception {
    Path secret = directory.resolve("cluster.secret");
    write(secret, SECRET);
    try (ClusterProcesses cluster = new ClusterProcesses(directory, SERVERS)) {
      cluster.useSecurity("--secret-file", secret.toString());
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
        String before = cluster.kumoctl("status");
        assertThat(cluster.kumoctl("nodes", "-o", "wide").lines().skip(1))
            .hasSize(1 + SERVERS)
            .allMatch(line -> line.contains(" secret "));
        Map<String, Integer> threads = threads(cluster);
        for (NodeAddress port : ports(cluster)) {
          sendNoise(port, client);
          sendEveryMethod(port);
          shakeHandsWrong(port);
        }
        toolsAreTold(cluster);
        replaceTheSecret(cluster, secret);
        for (NodeAddress port : ports(cluster)) {
          assertRefused(port, SECRET, 0, 2);
        }
        assertThat(cluster.kumoctl("status")).isEqualTo(before);
        for (NodeAddress port : ports(cluster).subList(0, 2)) {
          sendEveryMethodAsATool(port);
        }
        libraryIsServed(cluster, secret);
        assertThat(client.get("key")).isEqualTo("value");
        threads(cluster)
            .forEach((name, count) -> assertThat(count).isLessThan(threads.get(name) + 10));
      }
      assertThat(cluster.process("manager-0").output())
          .contains("KUMO-1005")
          .doesNotContain(SECRET, NEW_SECRET, "KUMO-1001");
    }
  }

  /** Nobody is kept waiting by it, and nothing comes back but the word that it is refused. */
  private static void sendNoise(NodeAddress port, TextClient honest) throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (Map.Entry<String, byte[]> noise : Stranger.noise(new Random(1)).entrySet()) {
        Socket half = connect(port);
        open.add(half);
        half.getOutputStream().write(noise.getValue(), 0, noise.getValue().length / 2);
        try (Socket socket = connect(port)) {
          byte[] answer = Stranger.answerTo(socket, noise.getValue());
          assertThat(answer.length)
              .as(noise.getKey())
              .isLessThanOrEqualTo(Stranger.HELLO_BYTES + Stranger.REFUSAL_BYTES);
        }
        assertThat(honest.get("key")).isEqualTo("value");
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static void sendEveryMethod(NodeAddress port) throws IOException {
    for (boolean node : new boolean[] {false, true}) {
      try (Socket socket = connect(port)) {
        assertThat(Stranger.answerTo(socket, Stranger.everyMethod(SELF, node))).isEmpty();
      }
    }
  }

  /** A wrong secret, and another cluster's id with the right one: nothing behind it is read. */
  private static void shakeHandsWrong(NodeAddress port) throws IOException {
    assertRefused(port, "a secret of sixteen bytes", 0, 2);
    assertRefused(port, SECRET, 0xdeadL, 3);
  }

  private static void assertRefused(NodeAddress port, String secret, long cluster, int code)
      throws IOException {
    for (boolean node : new boolean[] {false, true}) {
      try (Socket socket = connect(port)) {
        byte[] hello = Stranger.hello(node ? 1 : 4, cluster);
        socket.getOutputStream().write(hello);
        byte[] challenge =
            cluster == 0 ? socket.getInputStream().readNBytes(Stranger.HELLO_BYTES) : new byte[0];
        byte[] proof = Stranger.proof(secret, hello, challenge);
        byte[] all = Stranger.join(proof, Stranger.everyMethod(SELF, node));
        byte[] answer = Stranger.answerTo(socket, all);
        if (answer.length > 0) { // else the rest of ours made the kernel forget it
          assertThat(answer[0]).isEqualTo(Stranger.REFUSED);
          assertThat(answer[1]).isEqualTo((byte) code);
          assertThat(answer).hasSize(10);
        }
      }
    }
  }

  /** Who has the secret is answered, and does no harm by requests that say nothing. */
  private static void sendEveryMethodAsATool(NodeAddress port) throws IOException {
    try (Socket socket = connect(port)) {
      byte[] hello = Stranger.hello(4, 0);
      socket.getOutputStream().write(hello);
      byte[] challenge = socket.getInputStream().readNBytes(Stranger.HELLO_BYTES);
      byte[] proof = Stranger.proof(NEW_SECRET, hello, challenge);
      socket.getOutputStream().write(Stranger.join(proof, Stranger.everyMethod(SELF, false)));
      assertThat(socket.getInputStream().read()).as("welcome").isEqualTo('W');
      assertThat(socket.getInputStream().readNBytes(32 + 9)).as("an answer").hasSize(41);
    }
  }

  private static void libraryIsServed(ClusterProcesses cluster, Path secret) throws Exception {
    NodeAddress manager = address(cluster.manager(0));
    try (KumoClient library =
        KumoClient.builder()
            .manager(manager.host(), manager.port())
            .secretFile(secret)
            .connect()
            .get(1, TimeUnit.MINUTES)) {
      assertThat(library.get("key").get(1, TimeUnit.MINUTES)).isPresent();
    }
  }

  private void toolsAreTold(ClusterProcesses cluster) throws IOException {
    assertTold(Tool.kumoctl(cluster.manager(0), "status"), "does it want --secret-file");
    assertTold(Tool.kumostat(cluster.server(0), "pid"), "does it want --secret-file");
    Path other = directory.resolve("other.secret");
    write(other, "the secret of another cluster");
    assertTold(
        Tool.kumoctl(cluster.manager(0), "status", "--secret-file", other.toString()),
        "it refuses this process: its secret is not this cluster's (--secret-file)");
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r--r--"));
    assertTold(
        Tool.kumoctl(cluster.manager(0), "status", "--secret-file", other.toString()),
        "others than its owner may read or write it; do: chmod 600");
  }

  private static void assertTold(KumoProcess.Result result, String why) {
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).contains(why);
  }

  /** Without anybody refused: a second one, then the other way round, then the new one alone. */
  private static void replaceTheSecret(ClusterProcesses cluster, Path secret) throws Exception {
    for (String content :
        List.of(SECRET + "\n" + NEW_SECRET, NEW_SECRET + "\n" + SECRET, NEW_SECRET)) {
      write(secret, content);
      int reloads = reloads(cluster, "manager-0");
      for (String name : names()) {
        cluster.process(name).hangUp();
      }
      for (String name : names()) {
        await().atMost(Duration.ofMinutes(1)).until(() -> reloads(cluster, name) > reloads);
      }
      assertThat(cluster.kumoctl(0, "status").exitCode()).as(content).isZero();
    }
  }

  private static int reloads(ClusterProcesses cluster, String name) {
    return cluster.process(name).output().split("the cluster's secret: reloaded", -1).length;
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(List.of("manager-0", "gateway"));
    for (int i = 0; i < SERVERS; i++) {
      names.add("server-" + i);
    }
    return names;
  }

  private static List<NodeAddress> ports(ClusterProcesses cluster) {
    return List.of(
        address(cluster.manager(0)), address(cluster.server(0)), address(cluster.stream(0)));
  }

  private static NodeAddress address(String text) {
    return NodeAddress.of(
        new byte[] {127, 0, 0, 1}, Integer.parseInt(text.substring(text.indexOf(':') + 1)));
  }

  private static Socket connect(NodeAddress port) throws IOException {
    return new Socket(port.host(), port.port());
  }

  /** Of each daemon that strangers can reach. */
  private static Map<String, Integer> threads(ClusterProcesses cluster) throws IOException {
    return Map.of(
        "manager-0", threads(cluster, "manager-0"), "server-0", threads(cluster, "server-0"));
  }

  private static int threads(ClusterProcesses cluster, String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(cluster.process(name).pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("Threads:"))
        .mapToInt(line -> Integer.parseInt(line.substring("Threads:".length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  private static void write(Path file, String content) throws IOException {
    Files.writeString(file, content + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
