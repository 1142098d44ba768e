package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quorum is lost for good; an operator has the cluster go on without, and it comes back. */
class ForceViewTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern ID = Pattern.compile("not the id of this cluster, ([0-9a-f]+)");

  @TempDir Path directory;

  @Test
  void whatIsLeftGoesOnAndWhoComesBackIsTakenIn() throws Exception {
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 2, 3)) {
      cluster.useManagerArguments("--rejoin-after", "1s");
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
      }
      assertThat(cluster.kumoctl(0, "force-view", "--yes", "1").errors()).contains("a quorum");
      cluster.process("manager-1").kill();
      cluster.process("server-1").kill();
      cluster.process("server-2").kill();
      await().atMost(PATIENCE).until(() -> refusal(cluster).contains("nothing was done"));
      Matcher id = ID.matcher(refusal(cluster));
      assertThat(id.find()).isTrue();

      assertThat(typing(cluster, "yes").errors()).contains("nothing was done");
      KumoProcess.Result forced = typing(cluster, id.group(1));
      assertThat(forced.errors()).contains("Type the cluster's id, " + id.group(1));
      assertThat(forced.errors()).contains("What only those have acknowledged is lost");
      assertThat(forced.output()).isEqualTo("nil\n");
      assertThat(cluster.kumoctl("status", "-o", "wide")).contains("a child of " + id.group(1));
      assertThat(cluster.kumoctl("history")).contains("force-view");
      cluster.awaitStores();

      cluster.startManager(1);
      cluster.startServer(1);
      cluster.startServer(2);
      cluster.awaitStatus(cluster.server(1) + "  (active)");
      cluster.awaitStatus(cluster.server(2) + "  (active)");
      cluster.awaitSettled();
      try (ServerReader direct = new ServerReader(cluster.server(2))) {
        assertThat(direct.get("key")).isEqualTo("value");
        assertThat(direct.get("is-up")).isEqualTo("up");
      }
    }
  }

  /** Answers on standard input what the command asks for. */
  private static KumoProcess.Result typing(ClusterProcesses cluster, String line) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      return cluster.kumoctl(0, "force-view");
    } finally {
      System.setIn(before);
    }
  }

  private static String refusal(ClusterProcesses cluster) {
    return cluster.kumoctl(0, "force-view", "--yes", "1").errors();
  }
}
