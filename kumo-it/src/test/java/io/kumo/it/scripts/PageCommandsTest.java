package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.tokyo.Tch;
import io.kumo.it.process.FreePorts;
import io.kumo.it.process.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What pages tell a reader to type, typed in a cluster that was made by the lines of the README.
 * {@link PageBlocksTest} says which test types which block.
 */
class PageCommandsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String README = "README.md";
  private static final String MIGRATION = "docs/migration.md";
  private static final String LOCAL = "docs/local.md";

  /** In running text: a tool, who is asked, what. */
  private static final Pattern ASKED =
      Pattern.compile(
          "`(?:scripts/)?(kumo(?:ctl|stat)(?: -m)? (?:MANAGER|SERVER|M1|N1) [a-z]+[^`\\[]*)`");

  @TempDir static Path folder;

  private static final List<Process> RUNNING = new ArrayList<>();
  private static int base;

  @BeforeAll
  static void makeTheClusterOfTheReadme() throws Exception {
    base = FreePorts.row();
    List<String> lines = Pages.block(README, "scripts/kumo-manager");
    assertThat(lines).hasSize(4);
    String manager = lines.get(0);
    start("manager-1", manager);
    String other = manager.replace("0.1", "0.X").replace("0.2", "0.1").replace("0.X", "0.2");
    start("manager-2", other);
    start("server", lines.get(1) + " -L " + (base + 200));
    start("gateway", lines.get(2) + " --http-keys " + (base + 301));
    awaitStatus("127.0.0.1:" + (base + 100));
    awaitTyped(lines.get(3));
    awaitStatus("127.0.0.1:" + (base + 100) + "  (active)");
    awaitListener(base + 300);
  }

  @AfterAll
  static void endIt() throws Exception {
    for (Process process : RUNNING) {
      process.destroy();
      process.waitFor();
    }
  }

  /** The same on ports and in a folder that nobody else has. */
  private static String here(String line) {
    return line.replace("/tmp/", folder + "/")
        .replace("10.0.0.1", "127.0.0.1:" + base)
        .replace("10.0.0.2", "127.0.0.1:" + (base + 1))
        .replace("10.0.0.3", "127.0.0.1:" + (base + 100))
        .replace("-t 11211", "-t " + (base + 300))
        .replace("127.0.0.1:11711", "127.0.0.1:" + (base + 301))
        .replace("/var/lib/kumo", folder.resolve("store").toString())
        .replace("/etc/kumo", folder.toString())
        .replace("scripts/", Script.folder() + "/");
  }

  private static void start(String name, String line) throws IOException {
    Path log = folder.resolve(name + ".log");
    RUNNING.add(Script.start(log, Map.of(), List.of("bash", "-c", "exec " + here(line))));
  }

  private static Script run(String line) throws IOException, InterruptedException {
    return Script.exec(Map.of(), List.of("bash", "-c", "cd " + folder + "; " + here(line)));
  }

  private static String typed(String line) throws IOException, InterruptedException {
    Script run = run(line);
    assertThat(run.exitCode()).as("%s: %s", line, run.output()).isZero();
    return run.output();
  }

  private static void awaitTyped(String line) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300)) // each try is a program that starts
        .untilAsserted(
            () -> {
              Script run = run(line);
              assertThat(run.exitCode()).as("%s: %s", line, run.output()).isZero();
            });
  }

  private static void awaitStatus(String part) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(Tool.kumoctl(here("10.0.0.1"), "status").output()).contains(part));
  }

  private static void awaitListener(int port) {
    await("listener on port " + port)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
  }

  private static void needs(String program) throws Exception {
    assumeTrue(
        Script.exec(Map.of(), List.of("sh", "-c", "command -v " + program)).exitCode() == 0,
        program + " is not installed");
  }

  @Test
  void keysOverHttpAsInTheReadme() throws Exception {
    needs("curl");
    List<String> lines = Pages.block(README, "curl");
    assertThat(typed(lines.get(0).replace("curl ", "curl -s "))).isEmpty();
    assertThat(typed(lines.get(1).replace("curl ", "curl -s "))).isEqualTo("hello");
  }

  private static void backups() throws IOException {
    for (String name : List.of("srv1", "srv2", "srv3")) {
      Files.write(folder.resolve(name + ".tch-20261120"), Tch.resource("srv1.tch"));
    }
  }

  @Test
  void databasesAreShownMergedAndLoaded() throws Exception {
    backups();
    List<String> lines = Pages.block(MIGRATION, "scripts/kumo-import srv1");
    assertThat(typed(lines.get(0))).contains("records");
    typed(lines.get(1));
    assertThat(folder.resolve("srv1.ndjson")).isNotEmptyFile();
    typed(lines.get(2));
    assertThat(Tch.dump(folder.resolve("merged.tch"))).isNotEmpty();
    String load = Pages.block(MIGRATION, "scripts/kumo-import -m 10.0.0.1 srv1").get(0);
    assertThat(run(load).output()).contains("loaded", "records");
  }

  @Test
  void storesAreMerged() throws Exception {
    backups();
    typed("scripts/kumoctl 10.0.0.1 backup 20261120");
    await().atMost(PATIENCE).until(() -> Files.isDirectory(folder.resolve("store-20261120")));
    awaitTyped("scripts/kumostat 10.0.0.3 pid");
    for (String copy : List.of("store-1-20261120", "store-2-20261120")) {
      typed("cp -r store-20261120 " + copy);
    }
    List<String> lines = Pages.block(MIGRATION, "scripts/kumomergedb");
    Files.deleteIfExists(folder.resolve("merged.tch"));
    typed(lines.get(0));
    typed(lines.get(1).replace("/var/lib/kumo", "/var/lib/kumo-merged"));
    assertThat(folder.resolve("store-merged")).isDirectory();
  }

  @Test
  void memcachedIsImported() throws Exception {
    needs("memcached");
    int port = FreePorts.one();
    start("memcached", "memcached -l 127.0.0.1 -p " + port + " -U 0 -u \"$(id -un)\"");
    awaitListener(port);
    String load = Pages.block(MIGRATION, "scripts/kumo-import -m 10.0.0.1 --memcached").get(0);
    assertThat(typed(load.replace("10.0.0.9:11211", "127.0.0.1:" + port))).contains("records");
  }

  @Test
  void redisIsImported() throws Exception {
    needs("redis-server");
    int port = FreePorts.one();
    start(
        "redis",
        "redis-server --bind 127.0.0.1 --appendonly yes --save '' --dir /tmp/ --port " + port);
    awaitListener(port);
    String client = "redis-cli -p " + port;
    typed(client + " SET from-redis 1");
    List<String> lines = Pages.block(MIGRATION, "redis-cli");
    String rewrite = lines.get(0).replace("redis-cli", client);
    assertThat(typed(rewrite)).contains("OK");
    await()
        .atMost(PATIENCE)
        .until(() -> typed(client + " INFO persistence").contains("aof_rewrite_in_progress:0"));
    String file = typed("ls appendonlydir/*.base.* | tail -1").strip();
    String load = lines.get(1).replaceAll("appendonlydir/\\S+", file);
    assertThat(typed(load)).contains("records");
  }

  /** What running text has an operator ask of managers and servers, each once. */
  @Test
  void whatIsAskedInRunningTextIsAnswered() throws Exception {
    TreeSet<String> asked = new TreeSet<>();
    for (String page : Pages.all().values()) {
      ASKED.matcher(page).results().map(found -> found.group(1)).forEach(asked::add);
    }
    assertThat(asked).hasSizeGreaterThan(8);
    for (String command : asked) {
      String line =
          command
              .replaceAll("\\b(MANAGER|M1)\\b", "10.0.0.1")
              .replaceAll("\\b(SERVER|N1)\\b", "10.0.0.3")
              .replace("--watch", "");
      Script run = run("scripts/" + line);
      assertThat(run.exitCode()).as("%s: %s", line, run.output()).isIn(0, 3);
    }
  }

  @Test
  void certificatesAreMade() throws Exception {
    for (String line : Pages.block("docs/security.md", "scripts/kumoctl cert init")) {
      // Its addresses are names of files.
      typed(line.replace("10.0.0.3", "192.0.2.3"));
    }
    for (String file : List.of("ca.key", "cluster.secret", "192.0.2.3.crt", "alice.key")) {
      assertThat(folder.resolve("certs").resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void usersAreAddedAndServed() throws Exception {
    Files.writeString(folder.resolve("password-file"), "of the report\n");
    List<String> lines = Pages.block("docs/users.md", "kumoctl user add");
    typed("scripts/" + lines.get(0) + " <<< 'of alice'");
    typed("scripts/" + lines.get(1));
    assertThat(folder.resolve("users")).isNotEmptyFile();
    typed("scripts/kumoctl cert init own; scripts/kumoctl cert node own 127.0.0.1");
    typed("cp own/127.0.0.1.crt gateway.crt; cp own/127.0.0.1.key gateway.key");
    int port = FreePorts.one();
    String gateway =
        lines.get(2).replace("...", "-m 10.0.0.1 -p 10.0.0.2").replace(":11211", ":" + port);
    start("users-gateway", "scripts/" + gateway.replace(" gateway.", " /tmp/gateway."));
    awaitListener(port);
  }

  @Test
  void aClusterInOneProcess() throws Exception {
    List<String> lines = Pages.block(LOCAL, "scripts/kumo-local -d");
    String ports = " -t " + (base + 310) + " -l " + (base + 311);
    typed(lines.get(0) + ports);
    String status = lines.get(1).replace(":19700", ":" + (base + 311));
    assertThat(typed(status)).contains("(active)");
    typed(lines.get(2));
    await().atMost(PATIENCE).until(() -> Files.notExists(folder.resolve("kumo.pid")));
    start("local", Pages.block(LOCAL, "scripts/kumo-local").get(0) + ports);
    awaitListener(base + 310);
  }
}
