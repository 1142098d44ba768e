package io.kumo.it.scripts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole cluster in one process, as its launcher starts it. */
class KumoLocalTest {
  private static final long MOST_RESIDENT_KB = 250_000;
  private static final Pattern RECORDS = Pattern.compile("its records are in (\\S+)");

  @TempDir Path folder;

  private int port;
  private long pid;

  @BeforeEach
  void findPorts() throws IOException {
    port = FreePorts.row();
  }

  @AfterEach
  void end() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Returns what it said. */
  private String start(String... more) throws Exception {
    Path log = folder.resolve("log");
    Files.deleteIfExists(log);
    String[] arguments = new String[8 + more.length];
    String[] first = {
      "-t", "" + port, "-l", "" + (port + 1), "-o", log.toString(), "-d", folder + "/pid"
    };
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    Script run = Script.run("kumo-local", arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
    pid = Long.parseLong(Files.readString(folder.resolve("pid")));
    return Files.readString(log);
  }

  private void stop() {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroy();
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !process.isAlive());
  }

  private Path records(String said) {
    Matcher matcher = RECORDS.matcher(said);
    assertThat(matcher.find()).as(said).isTrue();
    return Path.of(matcher.group(1));
  }

  private String ask(String lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write((lines + "\r\n").getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    }
  }

  @Test
  void itServesWhenTheLauncherReturnsAndLeavesNothing() throws Exception {
    String said = start();
    Path records = records(said);
    assertThat(said).contains("kumo-local serves memcached clients on 127.0.0.1:" + port);
    assertThat(records).isDirectory();
    String value = "x".repeat(1000);
    for (int i = 0; i < 300; i++) {
      assertThat(ask("set key" + i + " 0 0 1000\r\n" + value)).isEqualTo("STORED");
    }
    assertThat(ask("get key7")).isEqualTo("VALUE key7 0 1000");
    Script status = Script.run("kumoctl", "127.0.0.1:" + (port + 1), "status");
    assertThat(status.exitCode()).as(status.output()).isZero();
    assertThat(status.output().split("\\(active\\)", -1)).hasSize(4);
    assertThat(residentKb()).isLessThan(MOST_RESIDENT_KB);
    stop();
    assertThat(records).doesNotExist();
    assertThat(folder.resolve("pid")).doesNotExist();
  }

  private long residentKb() throws IOException {
    String status = Files.readString(Path.of("/proc/" + pid + "/status"));
    Matcher matcher = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void whatIsToBeKeptIsThereAfterwards() throws Exception {
    String store = folder.resolve("records").toString();
    start("-s", store, "-n", "1");
    assertThat(ask("set key 0 0 4\r\nkept")).isEqualTo("STORED");
    stop();
    start("-s", store);
    assertThat(ask("get key")).isEqualTo("VALUE key 0 4");
    stop();
    Path temporary = records(start("-n", "1", "--keep"));
    stop();
    assertThat(temporary).isDirectory();
    Script.exec(Map.of(), List.of("rm", "-r", temporary.toString()));
  }
}
