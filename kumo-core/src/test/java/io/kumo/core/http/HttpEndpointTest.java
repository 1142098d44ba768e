package io.kumo.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.guard.Guard;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.MetricsSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** More than there are threads and places to wait for one. */
  private static final int STRANGERS = 2 * (HttpThreads.THREADS + HttpThreads.MAX_WAITING);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Daemon daemon = new Daemon();
  private HttpEndpoint endpoint;

  private static final class Daemon implements Shown {
    private boolean throwing;
    private volatile Callable<String> meanwhile = () -> "";
    private volatile String seen = "";
    private String lacks = "";

    @Override
    public MetricsSnapshot metrics() {
      if (throwing) {
        throw new IllegalStateException("planted by a test");
      }
      return new MetricsSnapshot(List.of(new Measurement("a_total", true, "All a.", 3)), List.of());
    }

    @Override
    public Readiness readiness() throws IOException {
      try {
        seen = meanwhile.call();
      } catch (Exception e) {
        throw new IOException(e);
      }
      return Readiness.lacks(lacks);
    }

    @Override
    public ObjectNode status() throws IOException {
      if (!lacks.isEmpty()) {
        throw new IOException("its event loop is busy");
      }
      return JsonNodeFactory.instance.objectNode().put("role", "test");
    }

    @Override
    public Map<String, Page> pages() {
      return Map.of("/", new Front());
    }
  }

  private record Front() implements Page {
    @Override
    public String contentType() {
      return "text/html";
    }

    @Override
    public byte[] body() {
      return "<p>".getBytes(StandardCharsets.US_ASCII);
    }
  }

  @BeforeEach
  void start() throws IOException {
    endpoint = HttpEndpoint.start(ANY_PORT, daemon);
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metricsHaveWhatTheDaemonCountsAndWhatEveryProcessDoes() throws Exception {
    HttpResponse<String> response = ask("GET", "/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains(
            "# HELP a_total All a.\n# TYPE a_total counter\na_total 3.0\n",
            "# TYPE kumo_loop_delay_seconds histogram\n",
            "\nkumo_bugs_total ");
  }

  @Test
  void whoWantsOpenMetricsIsGivenIt() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + "/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/openmetrics-text; version=1.0.0")
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
        .endsWith("# EOF\n");
  }

  @Test
  void aSourceThatThrowsIsCountedAndTheNextQuestionAnswered() throws Exception {
    daemon.throwing = true;
    long before = Guard.ofProcess().bugs();
    assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(500);
    daemon.throwing = false;
    assertThat(ask("GET", "/metrics").body())
        .contains("\nkumo_bugs_total " + (before + 1) + ".0\n");
  }

  @Test
  void whatAProcessLacksIsTheReasonWhyItIsNotReady() throws Exception {
    assertThat(ask("GET", "/readyz").body()).isEqualTo("ready\n");
    daemon.lacks = "no manager answers";
    HttpResponse<String> response = ask("GET", "/readyz");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("not ready: no manager answers\n");
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aStatusThatCannotBeHadNowSaysWhy() throws Exception {
    assertThat(ask("GET", "/status.json").body()).isEqualTo("{\"role\":\"test\"}");
    daemon.lacks = "something";
    HttpResponse<String> response = ask("GET", "/status.json");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("its event loop is busy\n");
  }

  @Test
  void aPageLoadsNothingFromElsewhere() throws Exception {
    HttpResponse<String> response = ask("GET", "/");
    assertThat(response.body()).isEqualTo("<p>");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none';");
    HttpResponse<String> head = ask("HEAD", "/");
    assertThat(head.headers().firstValue("Content-Length")).contains("3");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void answersNothingElse() throws Exception {
    assertThat(ask("GET", "/other").statusCode()).isEqualTo(404);
    assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
  }

  /** The JDK's server reads a head by a thread of its own; there are more of these than threads. */
  @Test
  void whoSendsHalfARequestKeepsNobodyOut() throws Exception {
    List<Socket> strangers = strangers();
    assertThat(askOnce("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
    close(strangers);
  }

  /** Strangers come while it is being worked out. */
  @Test
  void anAnswerThatTakesItsTimeIsGiven() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    daemon.meanwhile =
        () -> {
          strangers.addAll(strangers());
          return askOnce("/healthz");
        };
    assertThat(askOnce("/readyz")).startsWith("HTTP/1.1 200 ").endsWith("ready\n");
    assertThat(daemon.seen).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
    close(strangers);
  }

  /** All of them have begun to ask, and wait. */
  private List<Socket> strangers() throws IOException {
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < STRANGERS; i++) {
      Socket stranger = new Socket(ANY_PORT.getAddress(), endpoint.address().getPort());
      strangers.add(stranger);
      stranger.getOutputStream().write("GET /hea".getBytes(StandardCharsets.US_ASCII));
    }
    return strangers;
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** By a client that asks once, and not again when it is not answered. */
  private String askOnce(String path) throws IOException {
    return askAs("localhost", path);
  }

  private String askAs(String host, String path) throws IOException {
    try (Socket socket = new Socket(ANY_PORT.getAddress(), endpoint.address().getPort())) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** A page may have its own name lead here, and then reads what it asks for. */
  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/readyz", "/status.json", "/", "/none"})
  void aPageOfAnotherHostIsToldNothing(String path) throws Exception {
    for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "")) {
      assertThat(askAs(host, path)).as(host).startsWith("HTTP/1.1 421 ").contains("localhost");
    }
    assertThat(askAs("localhost:80", path)).doesNotStartWith("HTTP/1.1 421 ");
    assertThat(askAs("evil.example", "/healthz")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void anAddressInUseIsNamed() {
    assertThatThrownBy(() -> HttpEndpoint.start(endpoint.address(), daemon))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen on 127.0.0.1:" + endpoint.address().getPort());
  }
}
