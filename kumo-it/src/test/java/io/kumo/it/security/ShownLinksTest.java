package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What protects each link of a cluster is told, and one that nothing protects is seen. */
class ShownLinksTest {
  private static final int SERVERS = 3;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void oneThatIsOpenIsSeenInAClusterThatIsNot() throws Exception {
    Path secret = directory.resolve("cluster.secret");
    Files.writeString(secret, "the secret of this cluster\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    try (ClusterProcesses cluster = new ClusterProcesses(directory, SERVERS)) {
      cluster.useSecurity("--secret-file", secret.toString());
      cluster.useNodeArguments("--allow-original", "127.0.0.1:1");
      cluster.startAll();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> links(cluster, "gateways", "server").size() == SERVERS);
      assertThat(all(cluster, "managers", "servers")).isNotEmpty().containsOnly("secret");
      assertThat(links(cluster, "servers", "manager")).containsOnly("secret");
      assertThat(links(cluster, "gateways", "manager")).containsOnly("secret");
      assertThat(links(cluster, "gateways", "memcached")).containsOnly("open");
      assertThat(cluster.kumoctl(0, "status", "-o", "wide").errors()).doesNotContain("open link");

      try (Socket original =
          new Socket(InetAddress.getLoopbackAddress(), port(cluster.server(0)))) {
        original.getOutputStream().write(question());
        assertThat(original.getInputStream().read()).as("it is let in").isPositive();
        assertThat(links(cluster, "servers", "client")).contains("open");
        KumoProcess.Result wide = cluster.kumoctl(0, "status", "-o", "wide");
        assertThat(wide.exitCode()).isZero();
        assertThat(wide.output()).contains("memcached open").containsPattern("1 open, \\d+ secret");
        assertThat(wide.errors())
            .isEqualToIgnoringNewLines(
                "kumoctl: server "
                    + cluster.server(0)
                    + ": 1 open link with client 127.0.0.1 (--allow-original)");
      }
    }
  }

  /**
   * As an original's tool asks a server, which does not know the method: it answers all the same.
   */
  private static byte[] question() {
    ByteBuf out = Unpooled.buffer();
    Frames.request(out, 1, new GetNodesInfo());
    return ByteBufUtil.getBytes(out);
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  /** What protects the links of all nodes of a role to those of a kind. */
  private static List<String> links(ClusterProcesses cluster, String role, String kind)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode node : status(cluster).path(role)) {
      for (JsonNode link : node.path("links")) {
        if (link.path("kind").asText().equals(kind)) {
          assertThat(link.path("peer").asText()).isNotEmpty();
          found.add(link.path("security").asText());
        }
      }
    }
    return found;
  }

  private static List<String> all(ClusterProcesses cluster, String... roles) throws IOException {
    List<String> found = new ArrayList<>();
    for (String role : roles) {
      for (JsonNode node : status(cluster).path(role)) {
        assertThat(node.path("links")).as(role).isNotEmpty();
        found.addAll(node.path("links").findValuesAsText("security"));
      }
    }
    return found;
  }

  private static JsonNode status(ClusterProcesses cluster) throws IOException {
    return MAPPER.readTree(cluster.kumoctl("status", "-o", "json"));
  }
}
