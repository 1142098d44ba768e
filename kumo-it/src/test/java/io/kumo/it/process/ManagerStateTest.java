package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What managers know is moved by hand: to a file and back, and to another pair of managers. */
class ManagerStateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private static void awaitStatus(String manager, String line) {
    await().atMost(PATIENCE).until(() -> Tool.kumoctl(manager, "status").output().contains(line));
  }

  @Test
  void aClusterMovesToOtherManagersWithoutARestart() throws Exception {
    ClusterProcesses cluster = new ClusterProcesses(directory, 2, 3);
    cluster.useNodeArguments("-k", "500ms");
    try (cluster) {
      cluster.startAll();
      List<String> pair = cluster.startOtherManagers();
      await().atMost(PATIENCE).until(() -> Tool.kumoctl(pair.get(0), "status").exitCode() == 0);
      await().atMost(PATIENCE).until(() -> Tool.kumoctl(pair.get(1), "status").exitCode() == 0);

      KumoProcess.Result moved = cluster.kumoctl(1, "managers", "set", pair.get(0), pair.get(1));
      assertThat(moved.output()).isEqualTo("nil\n");
      assertThat(moved.exitCode()).isZero();
      KumoProcess.Result former = cluster.kumoctl(0, "status");
      assertThat(former.exitCode()).isEqualTo(1);
      assertThat(former.errors()).contains("follows the managers", pair.get(0), pair.get(1));
      cluster.process("manager-0").stop();
      cluster.process("manager-1").stop();

      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "before")).isEqualTo("STORED");
        cluster.process("server-1").kill();
        awaitStatus(pair.get(0), cluster.server(1) + "  (fault)");
        assertThat(client.set("key", "after")).isEqualTo("STORED");
        // Its command line still names the former managers.
        cluster.startServer(1);
        awaitStatus(pair.get(1), "not attached node:\n  " + cluster.server(1));
        KumoProcess.Result attached = Tool.kumoctl(pair.get(1), "attach", "--wait");
        assertThat(attached.output()).contains("rebalanced in");
        awaitStatus(pair.get(0), cluster.server(1) + "  (active)");
        assertThat(client.get("key")).isEqualTo("after");
        cluster.awaitSettled();
        try (ServerReader direct = new ServerReader(cluster.server(1))) {
          assertThat(direct.get("key")).isEqualTo("after");
        }
      }
      assertThat(cluster.process("gateway").isAlive()).isTrue();
      assertThat(cluster.process("server-0").isAlive()).isTrue();
    }
  }

  @Test
  void managersOfAnotherClusterAreNotMovedTo() throws Exception {
    Path second = Files.createDirectory(directory.resolve("second"));
    try (ClusterProcesses one = ClusterProcesses.up(directory, 1);
        ClusterProcesses two = ClusterProcesses.up(second, 1)) {
      KumoProcess.Result refused = one.kumoctl(0, "managers", "set", two.manager(0));
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors()).contains("manages another cluster");
      assertThat(one.kumoctl("status")).contains(one.server(0) + "  (active)");
    }
  }

  @Test
  void theStateIsDumpedAndLoaded() throws Exception {
    String file = directory.resolve("state.json").toString();
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, 2)) {
      cluster.awaitSettled();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.line("flush_all 3600\r\n")).isEqualTo("OK");
      }
      assertThat(cluster.kumoctl("enable-auto-replace")).isEqualTo("true\n");
      assertThat(cluster.kumoctl(0, "dump", file).exitCode()).isZero();
      assertThat(Files.getPosixFilePermissions(Path.of(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      String dumped = Files.readString(Path.of(file));
      assertThat(dumped)
          .isEqualTo(cluster.kumoctl("dump"))
          .contains("\"due\" : ", "\"autoReplace\" : true");
      String status = cluster.kumoctl("status");
      cluster.stopAll();
      // One that keeps its vote learns the state from its servers, and is not told it.
      Files.move(directory.resolve("state"), directory.resolve("former-state"));

      cluster.startManager(0);
      await().atMost(PATIENCE).until(() -> cluster.kumoctl(0, "status").exitCode() == 0);
      assertThat(cluster.kumoctl("status")).doesNotContain(cluster.server(0));
      assertThat(cluster.kumoctl("dump")).doesNotContain("delayedFlush");
      try (ServerSocket one = silent(cluster.server(0));
          ServerSocket other = silent(cluster.server(1))) {
        assertThat(cluster.kumoctl("load", file)).isEqualTo("nil\n");
        assertThat(cluster.kumoctl("dump")).isEqualTo(dumped);
        assertThat(cluster.kumoctl("status")).isEqualTo(status);
        assertThat(one.isBound() && other.isBound()).isTrue();
      }
      awaitStatus(cluster.manager(0), cluster.server(0) + "  (fault)");
      KumoProcess.Result older = cluster.kumoctl(0, "load", file);
      assertThat(older.exitCode()).isEqualTo(1);
      assertThat(older.errors()).contains("knows a later state");
      try (ServerSocket another = silent("127.0.0.1:0")) {
        String address = "127.0.0.1:" + another.getLocalPort();
        String edited = Files.readString(Path.of(file)).replace(cluster.server(1), address);
        Files.writeString(Path.of(file), edited);
        assertThat(cluster.kumoctl("load", file, "--force")).isEqualTo("nil\n");
        assertThat(cluster.kumoctl("status"))
            .contains("  " + address + "  (active)")
            .doesNotContain(cluster.server(1));
      }
    }
  }

  /**
   * Who takes connections and says nothing: while all servers do so a manager doubts itself, where
   * one that refuses connections is fault before anybody can look.
   */
  private static ServerSocket silent(String address) throws IOException {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
  }

  @Test
  void whatIsNoStateIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("other.json"), "{\"format\":\"else\"}");
    KumoProcess.Result result = Tool.kumoctl("127.0.0.1:1", "load", file.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errors()).contains(file + " is no state of managers");
  }
}
