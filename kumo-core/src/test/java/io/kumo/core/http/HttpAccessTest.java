package io.kumo.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.MetricsSnapshot;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.link.TestSecurity;
import io.kumo.core.testing.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look at a process. */
class HttpAccessTest {
  private static final String TOKEN = "a token of sixteen or more";
  private static final HttpAccess WITH_TOKEN =
      new HttpAccess(() -> TestSecurity.secrets(TOKEN), null);

  @TempDir Path directory;

  /** Shows next to nothing. */
  private record Nothing() implements Shown {
    @Override
    public MetricsSnapshot metrics() {
      return new MetricsSnapshot(List.of(), List.of());
    }

    @Override
    public Readiness readiness() {
      return Readiness.READY;
    }

    @Override
    public ObjectNode status() {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/readyz", "/status.json", "/", "/healthz/"})
  void whoHasNoTokenIsTold(String path) throws Exception {
    try (HttpEndpoint endpoint = start(WITH_TOKEN)) {
      HttpResponse<String> answer = ask(HttpClient.newHttpClient(), "http", endpoint, path, null);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
      assertThat(answer.body()).contains("--http-token-file").doesNotContain(TOKEN);
    }
  }

  @Test
  void whoHasItIsAnsweredAndHealthIsOpen() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    String basic = "Basic " + Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(UTF_8));
    try (HttpEndpoint endpoint = start(WITH_TOKEN)) {
      assertThat(ask(client, "http", endpoint, "/healthz", null).statusCode()).isEqualTo(200);
      for (String header : List.of("Bearer " + TOKEN, basic)) {
        assertThat(ask(client, "http", endpoint, "/metrics", header).statusCode()).isEqualTo(200);
      }
      for (String header : List.of("Bearer " + TOKEN + "x", "Basic !", "Bearer ", TOKEN)) {
        assertThat(ask(client, "http", endpoint, "/metrics", header).statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  void itSpeaksTlsByTheCertificateOfNow() throws Exception {
    TlsFiles files = TestCertificates.copy("node", directory);
    Reloads reloads = new Reloads(new SecurityMetrics());
    ServerTls tls =
        ServerTls.open(
            "HTTP",
            new TlsFiles(files.certificate(), files.key(), null),
            ClientCertificates.NONE,
            TimeSource.system(),
            reloads);
    try (HttpEndpoint endpoint = start(new HttpAccess(null, tls))) {
      assertThat(subject(files, endpoint)).contains("CN=node");
      TestCertificates.replace(files, "node2");
      assertThat(reloads.reloadAll().failed()).isFalse();
      assertThat(subject(files, endpoint)).contains("CN=node2");
      assertThatThrownBy(() -> ask(HttpClient.newHttpClient(), "http", endpoint, "/healthz", null))
          .isInstanceOf(IOException.class);
    }
  }

  private static HttpEndpoint start(HttpAccess access) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return HttpEndpoint.start(anyPort, new Nothing(), access);
  }

  private static HttpResponse<String> ask(
      HttpClient client, String scheme, HttpEndpoint endpoint, String path, String authorization)
      throws IOException, InterruptedException {
    URI uri = URI.create(scheme + "://127.0.0.1:" + endpoint.address().getPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As a client of its own sees it. */
  private static String subject(TlsFiles files, HttpEndpoint endpoint) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting(files.authority())).build();
    HttpResponse<String> answer = ask(client, "https", endpoint, "/healthz", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    X509Certificate seen =
        (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    return seen.getSubjectX500Principal().getName();
  }

  private static SSLContext trusting(Path authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
