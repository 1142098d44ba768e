package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kumoctl attach does about servers that the manager has not heard, and what it says. */
class AttachTest {
  @TempDir Path directory;

  @Test
  void attachWaitsForAServerThatRunsAndSaysWhatItTookIn() throws Exception {
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, 2)) {
      String manager = cluster.manager(0);
      String server = cluster.server(0);
      int port = Integer.parseInt(server.substring(server.indexOf(':') + 1));
      cluster.process("server-0").kill();
      cluster.awaitStatus(server + "  (fault)");

      KumoProcess.Result gone = Tool.kumoctl(manager, "attach");
      assertThat(gone.output()).isEqualTo("nil\n");
      assertThat(gone.errors()).contains("nothing new is attached", "still fault: " + server);
      assertThat(gone.exitCode()).isZero();
      assertThat(Tool.kumoctl(manager, "attach", "--wait").exitCode()).isEqualTo(3);

      try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
        KumoProcess.Result missed = Tool.kumoctl(manager, "attach");
        assertThat(missed.output()).isEqualTo("nil\n");
        assertThat(missed.errors()).contains("waiting for [" + server, "left as it was: " + server);
        assertThat(missed.exitCode()).isEqualTo(3);
        assertThat(silent.isBound()).isTrue();
      }

      cluster.startServer(0);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Tool.kumostat(server, "uptime").exitCode() == 0);
      KumoProcess.Result back = Tool.kumoctl(manager, "attach", "--wait");
      assertThat(back.output()).startsWith("nil\n");
      assertThat(back.errors()).contains("attached [" + server + "]");
      assertThat(back.exitCode()).as(back.errors()).isZero();
      assertThat(cluster.kumoctl("status")).contains(server + "  (active)");
    }
  }
}
