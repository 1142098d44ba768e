package io.kumo.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.cli.Cli;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.testing.TestCertificates;
import io.kumo.tools.bench.wire.TlsWire;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Against the real server with {@code -Z}, where it is installed and was built with TLS. */
@EnabledIf(value = "speaksTls", disabledReason = "there is no memcached that speaks TLS")
class TlsMemcachedTest {
  private static final Path MEMCACHED = Path.of("/usr/bin/memcached");

  @TempDir private static Path folder;

  private static TlsFiles files;
  private static Process memcached;
  private static int port;
  private static int plainPort;

  private int exitCode;
  private String out = "";
  private String err = "";

  static boolean speaksTls() throws IOException {
    if (!Files.isExecutable(MEMCACHED)) {
      return false;
    }
    Process help = new ProcessBuilder(MEMCACHED.toString(), "-h").start();
    byte[] text = help.getInputStream().readAllBytes();
    return new String(text, StandardCharsets.US_ASCII).contains("--enable-ssl");
  }

  @BeforeAll
  static void start() throws IOException {
    files = TestCertificates.copy("node", folder);
    port = freePort();
    plainPort = freePort();
    memcached =
        new ProcessBuilder(
                MEMCACHED.toString(),
                "-u",
                System.getProperty("user.name"),
                "-t",
                "1",
                "-l",
                "127.0.0.1:" + port + ",notls:127.0.0.1:" + plainPort,
                "-Z",
                "-o",
                "ssl_chain_cert=" + files.certificate() + ",ssl_key=" + files.key())
            .redirectErrorStream(true)
            .start();
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plainPort)) {
                return socket.isConnected();
              }
            });
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    memcached.destroy();
    assertThat(memcached.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private void run(String... args) {
    CommandLine line = Cli.commandLine(new KumobenchMain());
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    line.setOut(new PrintWriter(printed));
    line.setErr(new PrintWriter(errors));
    exitCode = line.execute(args);
    out = printed.toString();
    err = errors.toString();
  }

  private void run(String first, String more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(Arrays.asList(more.split(" ", -1)));
    run(all.toArray(String[]::new));
  }

  private static String tls() {
    return "tls=tls://127.0.0.1:" + port;
  }

  private static String trusting() {
    return "--tls-ca " + files.authority() + " ";
  }

  @ParameterizedTest
  @CsvSource({"text,0", "meta,0", "binary,0", "text,2000"})
  void everyLoadIsSpokenByTls(String protocol, String rate) throws IOException {
    String load =
        "-m get=4,set=2,delete=1,incr=1,mget=1 -k 300 -s 1-300 -c 5 -n 7 -t 2 --multi-get 9"
            + " -d 1s -w 50ms -o json";
    run(tls(), trusting() + load + " -P " + protocol + " -r " + rate);
    assertThat(err).isEmpty();
    assertThat(exitCode).as(out).isZero();
    JsonNode round = new ObjectMapper().readTree(out).at("/targets/0/rounds/0");
    assertThat(round.get("wrong").asLong() + round.get("lost").asLong()).isZero();
    for (JsonNode operation : round.get("operations")) {
      assertThat(operation.get("answered").asLong()).isPositive();
    }
  }

  @Test
  void valuesLargerThanARecordOfTlsComeThrough() {
    run(
        tls(),
        trusting() + "-m get=1,set=1,mget=1 --multi-get 2 -k 20 -s 30000-100000 -c 2 -d 1s -w 0");
    assertThat(err).isEmpty();
    assertThat(exitCode).as(out).isZero();
  }

  @Test
  void tlsIsComparedWithPlain() {
    run(tls(), trusting() + "plain=127.0.0.1:" + plainPort + " -k 50 -c 2 -d 1s -w 10ms");
    assertThat(exitCode).as(err).isZero();
    assertThat(out).contains("tls / plain");
    run(tls(), trusting() + "plain=127.0.0.1:" + plainPort + " --connects 5 --key-prefix none");
    assertThat(exitCode).as(err).isZero();
    assertThat(out.lines())
        .hasSize(5)
        .anyMatch(line -> line.matches("tls  p10 [0-9.]+  p50 [0-9.]+  p90 [0-9.]+ ms"))
        .anyMatch(line -> line.matches("tls - plain  p50 [+-][0-9.]+ ms"));
  }

  @Test
  void whoIsNotTrustedIsALine() {
    run(tls(), "-d 100ms");
    assertThat(exitCode).isEqualTo(1);
    assertThat(err).startsWith("kumobench: cannot connect to tls: ").contains("certification path");
    assertThat(err.lines()).hasSize(1);
    run(tls(), "--connects 3");
    assertThat(exitCode).isEqualTo(1);
    assertThat(err).startsWith("kumobench: tls: ").contains("certification path");
    run(tls(), "--tls-insecure --connects 3 --key-prefix none");
    assertThat(exitCode).as(err).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-d 100ms", "--connects 2"})
  void aServerThatSpeaksNoTlsIsALine(String what) {
    run("tls://127.0.0.1:" + plainPort, "--tls-insecure " + what);
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.lines()).hasSize(1);
    assertThat(err).contains("tls://127.0.0.1:" + plainPort);
  }

  @Test
  void aFileThatCannotBeUsedIsNamed() {
    run(tls(), "--tls-ca " + folder.resolve("none"));
    assertThat(exitCode).isEqualTo(1);
    assertThat(err).contains("none: no such file");
    run(tls(), "--tls-cert " + files.certificate() + " --tls-key " + files.certificate());
    assertThat(exitCode).isEqualTo(1);
    assertThat(err).contains("it has no key (BEGIN");
  }

  /** A session that is taken up costs less than a handshake, and is no new connection's. */
  @Test
  void eachConnectionShakesHandsInFull() throws IOException {
    ClientTls tls = ClientTls.withoutCertificate(files.authority());
    List<byte[]> secrets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      SSLEngine engine = tls.newEngine("127.0.0.1", port);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (SocketChannel channel = SocketChannel.open(address);
          TlsWire wire = TlsWire.open(channel, engine, 10_000)) {
        assertThat(wire).isNotNull();
        secrets.add(engine.getSession().getId());
      }
      assertThat(engine.getSession().isValid()).isFalse();
    }
    assertThat(secrets).doesNotHaveDuplicates();
  }
}
