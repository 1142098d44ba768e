package io.kumo.gateway.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.testing.TestCertificates;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak TLS with the gateway, over real sockets and with real handshakes. */
class TlsClientsTest {
  @TempDir Path directory;

  private final Reloads reloads = new Reloads(new SecurityMetrics());
  private TlsFiles node;
  private ClientTls clients;
  private TestGateway gateway;

  @BeforeEach
  void start() throws IOException {
    node = TestCertificates.copy("node", directory);
    clients = clientTls(TestCertificates.copy("client", directory));
    start(ClientCertificates.NONE);
  }

  private void start(ClientCertificates asked) throws IOException {
    stop();
    ServerTls tls = ServerTls.open("clients", node, asked, TimeSource.system(), reloads);
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(tls));
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private ClientTls clientTls(TlsFiles files) throws IOException {
    return ClientTls.open("test", files, TimeSource.system(), new Reloads(new SecurityMetrics()));
  }

  private SSLSocket socket(ClientTls tls) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    return tls.over(plain, "127.0.0.1", gateway.port());
  }

  private RawClient client() throws IOException {
    return new RawClient(socket(clients));
  }

  private long count(GatewayMetric metric) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(metric));
  }

  @Test
  void commandsGoBothWays() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.ask("set a 0 0 1\r\n1\r\nget a\r\n"))
          .isEqualTo("STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
    }
  }

  @Test
  void largeValuesAndManyRequestsAtOnceComeThrough() throws IOException {
    String large = "0123456789".repeat(100_000);
    try (RawClient client = client()) {
      assertThat(client.ask("set large 0 0 1000000\r\n" + large + "\r\n")).isEqualTo("STORED\r\n");
      assertThat(client.ask("get large\r\n".repeat(5)))
          .isEqualTo(("VALUE large 0 1000000\r\n" + large + "\r\nEND\r\n").repeat(5));
      assertThat(client.ask("get none\r\n".repeat(5000))).isEqualTo("END\r\n".repeat(5000));
    }
  }

  @Test
  void binaryIsSpokenOverTls() throws IOException {
    try (RawClient client = client()) {
      client.send(BinaryMessage.request(1, "b", BinaryMessage.store(0, 0), "v").encoded());
      assertThat(BinaryMessage.read(client).status()).isZero();
      client.send(BinaryMessage.request(0, "b", "", "").encoded());
      assertThat(BinaryMessage.read(client).value()).isEqualTo("v");
    }
  }

  @Test
  void quitEndsTheConnectionInOrder() throws IOException {
    try (RawClient client = client()) {
      client.send("set a 0 0 1\r\n1\r\nquit\r\n");
      assertThat(client.rest()).isEqualTo("STORED\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"get a\r\n", "GET / HTTP/1.1\r\n\r\n", "\200\13\0\0", "\26\3\1\377\377"})
  void whatIsNoTlsCostsItsConnection(String bytes) throws IOException {
    try (RawClient plain = gateway.client();
        RawClient honest = client()) {
      plain.send(bytes + "x".repeat(100));
      plain.endInput();
      assertThat(plain.restOrReset()).doesNotContain("END", "STORED", "ERROR");
      assertThat(honest.ask("get a\r\n")).isEqualTo("END\r\n");
    }
    await().untilAsserted(() -> assertThat(count(GatewayMetric.TLS_FAILURES)).isEqualTo(1));
    assertThat(count(GatewayMetric.BUGS)).isZero();
    assertThat(count(GatewayMetric.CMD_GET)).isEqualTo(1);
  }

  @Test
  void aCertificateIsAskedForWhereThereIsAnAuthority() throws IOException {
    start(ClientCertificates.REQUIRED);
    try (RawClient known = client()) {
      assertThat(known.ask("get a\r\n")).isEqualTo("END\r\n");
    }
    try (RawClient stranger = new RawClient(socketOfStranger())) {
      assertThatThrownBy(
              () -> {
                stranger.send("get a\r\n");
                stranger.line();
                stranger.send("get a\r\n");
                stranger.line();
              })
          .isInstanceOf(IOException.class);
    }
    await().untilAsserted(() -> assertThat(count(GatewayMetric.TLS_FAILURES)).isEqualTo(1));
    assertThat(count(GatewayMetric.CMD_GET)).isEqualTo(1);
  }

  private SSLSocket socketOfStranger() throws IOException {
    // Its certificate is by another authority; it trusts the gateway's.
    return socket(clientTls(TestCertificates.copy("stranger", "ca", directory)));
  }

  @Test
  void aCertificateIsReplacedUnderLoadWithoutAnError() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<Integer>> loads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      loads.add(CompletableFuture.supplyAsync(() -> load(over)));
    }
    try {
      replaceCertificates();
    } finally {
      over.set(true);
    }
    for (CompletableFuture<Integer> load : loads) {
      assertThat(load.get(20, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(count(GatewayMetric.TLS_FAILURES)).isZero();
  }

  private void replaceCertificates() throws IOException {
    try (RawClient open = client()) {
      assertThat(open.ask("")).isEmpty();
      for (int i = 0; i < 10; i++) {
        String next = i % 2 == 0 ? "node2" : "node";
        TestCertificates.replace(node, next);
        assertThat(reloads.reloadAll().failed()).isFalse();
        assertThat(shown()).contains("CN=" + next);
      }
      Files.writeString(node.certificate(), "nonsense");
      assertThat(reloads.reloadAll().failed()).isTrue();
      assertThat(shown()).contains("CN=node");
      assertThat(open.ask("get a\r\n")).as("it was there before").isEqualTo("END\r\n");
    }
  }

  private int load(AtomicBoolean over) {
    int asked = 0;
    try {
      while (!over.get()) {
        try (RawClient client = client()) {
          for (int i = 0; i < 20; i++) {
            assertThat(client.ask("get none\r\n")).isEqualTo("END\r\n");
            asked++;
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return asked;
  }

  private String shown() throws IOException {
    try (SSLSocket socket = socket(clients)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1_3,true", "-tls1_2,true", "-tls1_1,false", "-tls1,false"})
  void opensslAgreesOnTheVersionsThatAreSpoken(String option, boolean agrees) throws Exception {
    Path program = Path.of("/usr/bin/openssl");
    assumeTrue(Files.isExecutable(program), "no openssl");
    Process client =
        new ProcessBuilder(
                program.toString(),
                "s_client",
                "-quiet",
                "-cipher",
                "DEFAULT@SECLEVEL=0",
                option,
                "-CAfile",
                directory.resolve("ca.crt").toString(),
                "-verify_return_error",
                "-connect",
                "127.0.0.1:" + gateway.port())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var typed = client.getOutputStream()) {
      typed.write("version\r\nquit\r\n".getBytes(US_ASCII));
      typed.flush();
      String answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(answer).isEqualTo(agrees ? "VERSION 1.6.27\r\n" : "");
    } catch (IOException e) {
      assertThat(agrees).as("what is typed may find no reader: %s", e).isFalse();
    } finally {
      client.destroyForcibly().waitFor();
    }
  }

  @Test
  void passwordsAreAskedForBehindTheHandshake() throws IOException {
    stop();
    UserFile users = UserFile.parse("alice:secret\n".getBytes(US_ASCII));
    ServerTls tls =
        ServerTls.open("clients", node, ClientCertificates.NONE, TimeSource.system(), reloads);
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(tls).with(() -> users));
    try (RawClient client = client()) {
      client.send("get a\r\n");
      assertThat(client.line()).isEqualTo("CLIENT_ERROR unauthenticated\r\n");
      client.send("set a 0 0 12\r\nalice secret\r\n");
      assertThat(client.line()).isEqualTo("STORED\r\n");
      assertThat(client.ask("get a\r\n")).isEqualTo("END\r\n");
    }
  }
}
