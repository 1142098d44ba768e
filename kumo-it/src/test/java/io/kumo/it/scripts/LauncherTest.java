package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launchers add to the programs: building, detaching, exit codes as they are. */
class LauncherTest {
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  @TempDir Path folder;

  @Test
  void aDetachedDaemonIsUpWhenTheLauncherReturnsAndEndsInOrder() throws Exception {
    Path pidFile = folder.resolve("pid");
    Path log = folder.resolve("log");
    Path events = folder.resolve("events");
    String address = "127.0.0.1:" + FreePorts.one();
    Script run =
        Script.run(
            "kumo-manager",
            "-l",
            address,
            "-d",
            pidFile.toString(),
            "-o",
            log.toString(),
            "-g",
            events.toString(),
            "-v");
    assertThat(run.exitCode()).as(run.output()).isZero();
    String pid = Files.readString(pidFile);
    assertThat(pid).matches("\\d+");
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
    try {
      assertThat(process).hasValueSatisfying(p -> assertThat(p.isAlive()).isTrue());
      Script status = Script.run("kumoctl", address, "status");
      assertThat(status.exitCode()).as(status.output()).isZero();
      assertThat(Files.readString(log)).contains("start manager " + address);
      // A manager's start as the original's binary log begins: 40 bytes, [SM, 2, {time ...}].
      assertThat(HexFormat.of().formatHex(Files.readAllBytes(events)))
          .startsWith("0000002893cd534d0283ce74696d65");
    } finally {
      process.ifPresent(ProcessHandle::destroy);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> process.filter(ProcessHandle::isAlive).isEmpty());
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void aDetachedDaemonThatCannotStartFailsTheLauncher() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path pidFile = folder.resolve("pid");
      Script run =
          Script.run(
              "kumo-manager",
              "-l",
              "127.0.0.1:" + taken.getLocalPort(),
              "-d",
              pidFile.toString(),
              "-o",
              folder.resolve("log").toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output().lines()).hasSize(1);
      assertThat(run.output()).startsWith("kumo-manager: ").contains("" + taken.getLocalPort());
      assertThat(pidFile).doesNotExist();
    }
  }

  @Test
  void aTerminatedDaemonExitsWithZero() throws Exception {
    Path log = folder.resolve("log");
    Process process = Script.start(log, "kumo-manager", "-l", "127.0.0.1:" + FreePorts.one(), "-v");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.readString(log).contains("start manager"));
    assertThat(Files.readString(log))
        .matches("(?s)\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\w+: .*\n");
    process.destroy();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void whatNohupStartsReadsItsFilesAgainOnAHangUp() throws Exception {
    Path log = folder.resolve("log");
    Path secret = Files.createFile(folder.resolve("secret"), PRIVATE);
    Files.writeString(secret, "the secret of this cluster\n");
    String address = "127.0.0.1:" + FreePorts.one();
    String script = Script.folder().resolve("kumo-manager").toString();
    Process process =
        Script.start(
            log,
            Map.of(),
            List.of("nohup", script, "-v", "-l", address, "--secret-file", secret.toString()));
    try {
      Awaitility.await().until(() -> Files.readString(log).contains("start manager"));
      String pid = Long.toString(process.pid());
      assertThat(Script.exec(Map.of(), List.of("kill", "-s", "HUP", pid)).exitCode()).isZero();
      Awaitility.await()
          .until(() -> Files.readString(log).contains("the cluster's secret: reloaded"));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void aWrongOptionExitsWithTwoAndAHint() throws Exception {
    for (String program : new String[] {"kumo-manager", "kumo-server", "kumo-gateway"}) {
      Script run = Script.run(program, "--nonsense");
      assertThat(run.exitCode()).as(program).isEqualTo(2);
      assertThat(run.output()).contains(program + ": ", "Try '" + program + " --help'.");
    }
  }

  /** A library that looks for the system's test must not find ours, which runs Maven. */
  @Test
  void toolsOnATerminalFindNoScriptsOfOurs() throws Exception {
    Path mvn = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
    Files.writeString(mvn, "#!/bin/sh\ntouch " + folder.resolve("maven-ran") + "\n");
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
    int port = FreePorts.row();
    String server = "127.0.0.1:" + port;
    String store = folder.resolve("store").toString();
    Path log = folder.resolve("log");
    Process process =
        Script.start(
            log, "kumo-server", "-v", "-l", server, "-L", "" + (port + 1), "-m", "1", "-s", store);
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.readString(log).contains("serves"));
      String path = Script.folder() + ":" + mvn.getParent() + ":" + System.getenv("PATH");
      String command = "kumotop " + server + " -n 2 -i 100ms";
      Script run =
          Script.exec(
              Map.of("PATH", path, "TERM", "xterm"),
              List.of("script", "-qec", command, "/dev/null"));
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output()).contains("servers answer", server).doesNotContain("scripts/test");
      assertThat(folder.resolve("maven-ran")).doesNotExist();
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void whatCannotBeWrittenIsNoSuccess() throws Exception {
    Path log = folder.resolve("log");
    String address = "127.0.0.1:" + FreePorts.one();
    Process process = Script.start(log, "kumo-manager", "-l", address);
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.readString(log).contains("kumo-manager listens on " + address));
      for (String tool :
          List.of(
              "kumoctl " + address + " status",
              "kumoctl " + address + " dump",
              "kumoctl --help",
              "kumohash 1 -- dump",
              "kumostat --version",
              "kumobench --help",
              "kumo-server --help")) {
        Script run = shell(tool + " >/dev/full");
        assertThat(run.output().lines()).as(run.output()).hasSize(1);
        assertThat(run.output())
            .matches("\\S+: cannot write to standard output: No space left.*\\n");
        assertThat(run.exitCode()).as(tool).isEqualTo(1);
      }
      Script file = shell("kumoctl " + address + " dump /dev/full");
      assertThat(file.output())
          .isEqualTo("kumoctl: cannot write /dev/full: No space left on device\n");
      assertThat(file.exitCode()).isEqualTo(1);
      assertThat(shell("kumohash 1 -- dump | head -n 1").output().lines()).hasSize(1);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Script shell(String line) throws Exception {
    String path = Script.folder() + ":" + System.getenv("PATH");
    return Script.exec(Map.of("PATH", path), List.of("bash", "-c", line));
  }
}
