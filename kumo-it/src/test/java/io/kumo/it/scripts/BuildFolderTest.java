package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.it.process.FreePorts;
import io.kumo.it.process.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs, runs from a folder that no rebuild touches, whoever started it. */
class BuildFolderTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String TOOL = "kumo-tools/src/main/java/io/kumo/tools/ctl/KumoctlMain.java";

  @TempDir Path folder;

  private final List<Process> daemons = new ArrayList<>();
  private TreeCopy tree;

  @BeforeEach
  void copy() throws Exception {
    tree = new TreeCopy();
  }

  @AfterEach
  void end() throws Exception {
    endDaemons();
    tree.close();
  }

  private void endDaemons() throws InterruptedException {
    daemons.forEach(Process::destroy);
    for (Process daemon : daemons) {
      daemon.waitFor();
    }
    daemons.clear();
  }

  private void start(String program, String... arguments) throws IOException {
    daemons.add(Script.start(folder.resolve(program), Map.of(), tree.command(program, arguments)));
  }

  @Test
  void aRebuildLeavesRunningDaemonsWhole() throws Exception {
    int base = FreePorts.row();
    String manager = "127.0.0.1:" + base;
    start("kumo-manager", "-l", manager);
    String server = "127.0.0.1:" + (base + 100);
    String store = folder.resolve("store").toString();
    start("kumo-server", "-l", server, "-L", "" + (base + 200), "-m", manager, "-s", store);
    start("kumo-gateway", "-m", manager, "-t", "" + (base + 1));
    await()
        .atMost(PATIENCE)
        .until(() -> Tool.kumoctl(manager, "status").output().contains("  " + server));
    assertThat(tree.run("kumoctl", manager, "attach").exitCode()).isZero();
    Path before = tree.build();

    tree.replaceInSource(TOOL, "looks after a cluster.", "was built anew.");
    assertThat(tree.run("kumoctl", "--help").output()).contains("was built anew.");
    assertThat(tree.build()).isNotEqualTo(before);
    assertThat(before).isDirectory();
    Path classes = tree.path("kumo-server/target/classes");
    Path away = tree.path("kumo-server/target/away");
    Files.move(classes, away);

    assertThat(ask(base + 1, "stats servers")).contains(server + ":cmd_get", "END");
    Script backup = tree.run("kumoctl", manager, "backup", "x", "--wait");
    assertThat(backup.output()).contains("backup x done");
    assertThat(backup.exitCode()).isZero();
    assertThat(daemons).allMatch(Process::isAlive);

    endDaemons();
    Files.move(away, classes);
    Files.delete(tree.path(".kumo-build/stamp"));
    assertThat(tree.run("kumoctl", "--version").exitCode()).isZero();
    assertThat(before).doesNotExist();
  }

  /** All that comes until END. */
  private static String ask(int port, String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      String next;
      do {
        next = String.valueOf(reader.readLine());
        answer.append(next).append('\n');
      } while (!next.equals("END") && !next.equals("null"));
      return answer.toString();
    }
  }

  @Test
  void anotherUserRunsWhatWasBuiltAndIsToldWhatCannotBeBuilt() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root becomes another user");
    assertThat(tree.run("kumoctl", "--version").exitCode()).isZero();
    Script works = asNobody("kumoctl", "--version");
    assertThat(works.output()).startsWith("kumo ").doesNotContain("rror");
    assertThat(works.exitCode()).isZero();

    tree.replaceInSource(TOOL, "looks after a cluster.", "was built anew.");
    refused(asNobody("kumoctl", "--version"), "is older than its sources");
    refused(asNobody("kumo-server", "--version"), "is older than its sources");
    Files.delete(tree.path(".kumo-build/stamp"));
    refused(asNobody("kumoctl", "--version"), "is missing");
    Files.createFile(tree.path(".kumo-build/stamp"));
    Files.setPosixFilePermissions(
        tree.build().resolve(".lock"), PosixFilePermissions.fromString("rw-------"));
    refused(asNobody("kumoctl", "--version"), "may not read");
  }

  private Script asNobody(String name, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    command.addAll(tree.command(name, arguments));
    return Script.exec(Map.of(), command);
  }

  private static void refused(Script run, String why) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output().lines()).as(run.output()).hasSize(1);
    assertThat(run.output()).startsWith("kumo: ").contains(why);
  }
}
