package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/cluster with real processes, from the first up to the last down. */
class ClusterScriptTest {

  @TempDir Path folder;

  private Script cluster(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--dir");
    all.add(folder.resolve("cluster").toString());
    return Script.run("cluster", all.toArray(new String[0]));
  }

  @AfterEach
  void down() throws IOException, InterruptedException {
    cluster("down", "--wipe");
  }

  @Test
  void aClusterComesUpSurvivesAKillAndGoesDown() throws Exception {
    int base = FreePorts.row();
    int port = base + 300;
    Script up = cluster("up", "--secure", "--base-port", "" + base, "--port", "" + port);
    assertThat(up.exitCode()).as(up.output()).isZero();
    Script stranger = Script.run("kumoctl", "127.0.0.1:" + base, "status");
    assertThat(stranger.exitCode()).as(stranger.output()).isEqualTo(1);
    assertThat(stranger.output()).contains("does it want --secret-file or --cluster-cert?");
    assertThat(up.output())
        .contains("export KUMO_SECRET_FILE=", "export KUMO_CLUSTER_CERT=")
        .contains("manager-1", "manager-2", "server-1", "server-2", "server-3", "gateway-1")
        .contains("127.0.0.1:" + (base + 102), "pymemcache");
    assertThat(typed(up.output().lines().filter(line -> line.contains("openssl")).toList().get(0)))
        .isEqualTo("STORED\r\nVALUE hello 0 5\r\nworld\r\nEND\r\n");
    String clear =
        "exec 3<>/dev/tcp/127.0.0.1/" + port + "; printf 'get hello\\r\\nquit\\r\\n' >&3; ";
    assertThat(typed(clear + "cat <&3")).doesNotContain("world");
    String client = client(up);

    Script again = cluster("up");
    assertThat(again.exitCode()).isZero();
    assertThat(again.output()).contains("is running").contains(pid(up, "server-2"));

    Script kill = cluster("kill", "server-2");
    assertThat(kill.exitCode()).as(kill.output()).isZero();
    awaitEnd(pid(up, "server-2"));
    assertThat(typed("printf 'get hello\\r\\nquit\\r\\n' | " + client)).contains("world");
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1)) // each question is a program that starts
        .untilAsserted(() -> assertThat(cluster("status").output()).contains("(fault)"));
    Script status = cluster("status");
    assertThat(status.exitCode()).isEqualTo(3);
    assertThat(status.output()).containsPattern("server-2 .* ended");

    assertThat(cluster("start", "server-2").exitCode()).isZero();
    assertThat(cluster("start", "server-2").output()).contains("running already");
    assertThat(cluster("logs", "server-2").output()).contains("serves");
    assertThat(cluster("logs", "server-9").output()).contains("there is no server-9");

    assertThat(cluster("down").exitCode()).isZero();
    for (String name : List.of("manager-1", "server-1", "gateway-1")) {
      awaitEnd(pid(up, name));
    }
    assertThat(folder.resolve("cluster/server-1/store")).isDirectory();
    assertThat(cluster("down", "--wipe").exitCode()).isZero();
    assertThat(folder.resolve("cluster")).doesNotExist();
  }

  /** What {@code up} says that a client is to be. */
  private static String client(Script up) {
    Matcher matcher = Pattern.compile("openssl s_client .*").matcher(up.output());
    assertThat(matcher.find()).as(up.output()).isTrue();
    return matcher.group();
  }

  /** The output alone: openssl says on the other stream what it thinks of certificates. */
  private static String typed(String line) throws IOException, InterruptedException {
    List<String> words = List.of("bash", "-c", "(" + line + ") 2>/dev/null");
    return Script.exec(Map.of(), words).output();
  }

  @Test
  void whatCannotStartIsSaidAndNothingIsLeftRunning() throws Exception {
    int base = FreePorts.row();
    Script up =
        cluster(
            "up",
            "--base-port",
            "" + base,
            "--port",
            "" + (base + 300),
            "--server-args",
            "--no-such-option");
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.output()).contains("server-", "ended", "--no-such-option");
    assertThat(cluster("status").output()).doesNotContain(" running ");
  }

  /** A process that has ended is there until whoever inherited it has noticed. */
  private static void awaitEnd(String pid) {
    Awaitility.await()
        .until(
            () -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static String pid(Script table, String name) {
    Matcher matcher =
        Pattern.compile("^" + name + " +\\S+ +(\\d+) ", Pattern.MULTILINE).matcher(table.output());
    assertThat(matcher.find()).as(table.output()).isTrue();
    return matcher.group(1);
  }
}
