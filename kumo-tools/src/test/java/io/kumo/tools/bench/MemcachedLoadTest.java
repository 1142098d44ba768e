package io.kumo.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Against the real server, where it is installed. */
@EnabledIf(value = "isInstalled", disabledReason = "memcached is not installed")
class MemcachedLoadTest {

  private static final Path MEMCACHED = Path.of("/usr/bin/memcached");

  private static Process memcached;
  private static int port;

  static boolean isInstalled() {
    return Files.isExecutable(MEMCACHED);
  }

  @BeforeAll
  static void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    memcached =
        new ProcessBuilder(
                MEMCACHED.toString(), "-u", "nobody", "-l", "127.0.0.1", "-p", "" + port, "-t", "1")
            .redirectErrorStream(true)
            .start();
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
  }

  @AfterAll
  static void stop() throws InterruptedException {
    memcached.destroy();
    assertThat(memcached.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static JsonNode run(String... args) throws IOException {
    CommandLine line = Cli.commandLine(new KumobenchMain());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(args);
    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).as(out.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @ParameterizedTest
  @CsvSource({"text,0", "meta,0", "binary,0", "text,3000", "meta,3000", "binary,3000"})
  void everyProtocolAndOperationIsUnderstood(String protocol, String rate) throws IOException {
    JsonNode json =
        run(
            "127.0.0.1:" + port,
            "-P",
            protocol,
            "-m",
            "get=4,set=2,incr=1,mget=1",
            "-k",
            "500",
            "-s",
            "1-300",
            "-c",
            "5",
            "-n",
            "7",
            "-t",
            "2",
            "-r",
            rate,
            "-d",
            "200ms",
            "-w",
            "50ms",
            "--multi-get",
            "9",
            "--key-prefix",
            protocol + rate,
            "-o",
            "json");
    JsonNode operations = json.at("/targets/0/rounds/0/operations");
    assertThat(operations.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("get", "set", "incr", "mget");
    for (String read : new String[] {"get", "mget"}) {
      JsonNode line = operations.get(read);
      assertThat(line.get("answered").asLong()).isPositive();
      assertThat(line.get("keys_found").asLong()).isEqualTo(line.get("keys_asked").asLong());
    }
    long asked = operations.at("/mget/keys_asked").asLong();
    assertThat(asked).isEqualTo(9 * operations.at("/mget/answered").asLong());
  }

  @ParameterizedTest
  @CsvSource({"text", "meta", "binary"})
  void missesAndLargeValuesAreNoErrors(String protocol) throws IOException {
    JsonNode json =
        run(
            "127.0.0.1:" + port,
            "-P",
            protocol,
            "-m",
            "get=3,set=1,delete=3,mget=1",
            "-k",
            "50",
            "-s",
            "100000-200000",
            "-c",
            "2",
            "-n",
            "2",
            "-d",
            "300ms",
            "-w",
            "0",
            "--key-prefix",
            "large" + protocol,
            "-o",
            "json");
    JsonNode operations = json.at("/targets/0/rounds/0/operations");
    JsonNode get = operations.get("get");
    assertThat(get.get("keys_found").asLong()).isLessThan(get.get("keys_asked").asLong());
    assertThat(operations.at("/delete/answered").asLong()).isPositive();
  }

  @Test
  void twoTargetsAreComparedRoundByRound() throws IOException {
    JsonNode json =
        run(
            "a=127.0.0.1:" + port,
            "b=127.0.0.1:" + port,
            "--rounds",
            "3",
            "-c",
            "4",
            "-k",
            "100",
            "-d",
            "100ms",
            "-w",
            "50ms",
            "--pids",
            "" + memcached.pid(),
            "--pids",
            "" + memcached.pid(),
            "-o",
            "json");
    assertThat(json.at("/targets/0/rounds")).hasSize(3);
    assertThat(json.at("/targets/1/name").asText()).isEqualTo("b");
    assertThat(json.at("/targets/1/rounds/2/target_cpu_seconds").asDouble()).isNotNegative();
    JsonNode ratio = json.at("/ratio/requests_per_second");
    assertThat(ratio.get("least").asDouble()).isLessThanOrEqualTo(ratio.get("median").asDouble());
    assertThat(ratio.get("greatest").asDouble()).isPositive();
  }
}
