package io.kumo.it.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.gateway.Gateway;
import io.kumo.gateway.GatewayConfig;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Keys over HTTP, by a client of HTTP and by bytes that none would send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpKeysTest {
  private static final int MAX_ITEM = 1 << 20;

  @TempDir static Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private LocalCluster cluster;
  private Gateway gateway;

  @BeforeAll
  void up() throws IOException {
    cluster = new LocalCluster(directory);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway =
        Gateway.start(
            GatewayConfig.of(new ManagerOptions(List.of(cluster.managerAddress())), any)
                .withHttp(any)
                .withClients(McSettings.DEFAULT, new ClientLimits(64, 8 << 20, 32 << 20, 0, 100)));
    Awaitility.await().until(() -> gateway.view().spaces().write().nodes().size() == 3);
  }

  @AfterAll
  void down() {
    gateway.close();
    cluster.close();
  }

  private InetSocketAddress address() {
    return gateway.addresses().get(1);
  }

  private HttpRequest.Builder key(String path) {
    String top = "http://127.0.0.1:" + address().getPort() + "/keys/";
    return HttpRequest.newBuilder(URI.create(top + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString(ISO_8859_1));
  }

  private HttpResponse<String> put(String key, String value, String... fields) throws Exception {
    HttpRequest.Builder request = key(key).PUT(BodyPublishers.ofString(value, ISO_8859_1));
    return send(fields.length == 0 ? request : request.headers(fields));
  }

  private static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void whatIsPutIsThereForEverybody() throws Exception {
    HttpResponse<String> stored = put("a%20b/c?", "no");
    assertThat(stored.statusCode()).as("an empty query is none").isEqualTo(204);
    assertThat(send(key("a%20b/c").GET()).body()).isEqualTo("no");
    assertThat(put("both", "of http").statusCode()).isEqualTo(204);
    try (McDriver text = new TextDriver(gateway.addresses().get(0))) {
      assertThat(text.get("both"))
          .extracting(Hit::value, Hit::flags)
          .containsExactly("of http", 0L);
      text.store(Verb.SET, "both", "of text", 7, 0);
    }
    HttpResponse<String> found = send(key("both").GET());
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.body()).isEqualTo("of text");
    assertThat(field(found, "Kumo-Flags")).isEqualTo("7");
    assertThat(field(found, "Content-Type")).isEqualTo("application/octet-stream");
    HttpResponse<String> head =
        send(key("both").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(field(head, "Content-Length")).isEqualTo("7");
    assertThat(field(head, "ETag")).isEqualTo(field(found, "ETag")).matches("\"\\d+\"");
    assertThat(head.body()).isEmpty();
    assertThat(send(key("both").DELETE()).statusCode()).isEqualTo(204);
    assertThat(send(key("both").DELETE()).statusCode()).isEqualTo(404);
    assertThat(send(key("both").GET()).statusCode()).isEqualTo(404);
  }

  @Test
  void anETagIsTheVersion() throws Exception {
    assertThat(put("etag", "x", "If-Match", "\"5\"").statusCode()).isEqualTo(412);
    assertThat(put("etag", "x", "If-Match", "*").statusCode()).isEqualTo(412);
    HttpResponse<String> created = put("etag", "one", "If-None-Match", "*");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(put("etag", "two", "If-None-Match", "*").statusCode()).isEqualTo(412);
    String first = field(created, "ETag");
    assertThat(send(key("etag").GET().header("If-None-Match", first)).statusCode()).isEqualTo(304);
    HttpResponse<String> changed = put("etag", "two", "If-Match", first);
    assertThat(changed.statusCode()).isEqualTo(204);
    String second = field(changed, "ETag");
    assertThat(second).isNotEqualTo(first);
    assertThat(put("etag", "three", "If-Match", first).statusCode()).isEqualTo(412);
    assertThat(send(key("etag").GET().header("If-None-Match", first)).body()).isEqualTo("two");
    assertThat(send(key("etag").GET().header("If-Match", first)).statusCode()).isEqualTo(412);
    assertThat(send(key("etag").GET().header("If-Match", second)).statusCode()).isEqualTo(200);
    assertThat(send(key("etag").DELETE().header("If-Match", first)).statusCode()).isEqualTo(412);
    assertThat(put("etag", "any", "If-Match", "*").statusCode()).isEqualTo(204);
    String last = field(send(key("etag").GET()), "ETag");
    assertThat(send(key("etag").DELETE().header("If-Match", last)).statusCode()).isEqualTo(204);
  }

  @Test
  void expiryFlagsAndContentTypeTravelInFields() throws Exception {
    put("typed", "{}", "Content-Type", "Application/JSON");
    assertThat(field(send(key("typed").GET()), "Content-Type")).isEqualTo("application/json");
    put("typed", "x", "Content-Type", "text/plain;charset=\"UTF-8\"");
    HttpResponse<String> text = send(key("typed").GET());
    assertThat(field(text, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(field(text, "Kumo-Flags")).isEmpty();
    assertThat(put("typed", "x", "Content-Type", "text/html").statusCode()).isEqualTo(415);
    assertThat(put("flags", "x", "Kumo-Flags", "4294967295").statusCode()).isEqualTo(204);
    assertThat(field(send(key("flags").GET()), "Kumo-Flags")).isEqualTo("4294967295");
    assertThat(put("life", "x", "Kumo-Expiry", "1000").statusCode()).isEqualTo(204);
    assertThat(field(send(key("life").GET()), "Kumo-Expiry")).matches("\\d{10}");
    assertThat(put("life", "x", "Kumo-Expiry", "-1").statusCode()).isEqualTo(204);
    assertThat(send(key("life").GET()).statusCode()).isEqualTo(404);
    put("life", "x", "Kumo-Expiry", "1");
    Awaitility.await().until(() -> send(key("life").GET()).statusCode() == 404);
  }

  @Test
  void postCounts() throws Exception {
    HttpRequest.BodyPublisher nothing = BodyPublishers.noBody();
    assertThat(send(key("count?incr=1").POST(nothing)).statusCode()).isEqualTo(404);
    HttpResponse<String> made = send(key("count?incr=1&initial=40").POST(nothing));
    assertThat(made.body()).isEqualTo("40");
    assertThat(send(key("count?initial=40&incr=2").POST(nothing)).body()).isEqualTo("42");
    HttpResponse<String> less = send(key("count?decr=50").POST(nothing));
    assertThat(less.body()).isEqualTo("0");
    assertThat(field(less, "ETag")).matches("\"\\d+\"");
    String old = field(made, "ETag");
    assertThat(send(key("count?incr=1").POST(nothing).header("If-Match", old)).statusCode())
        .isEqualTo(412);
    put("word", "x");
    assertThat(send(key("word?incr=1").POST(nothing)).statusCode()).isEqualTo(409);
    for (String bad : List.of("", "?incr", "?incr=x", "?incr=1&decr=1", "?incr=-1", "?other=1")) {
      assertThat(send(key("count" + bad).POST(nothing)).statusCode()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void theLimitsAreThoseOfMemcached() throws Exception {
    assertThat(put("k".repeat(250), "x").statusCode()).isEqualTo(204);
    assertThat(put("k".repeat(251), "x").statusCode()).isEqualTo(400);
    assertThat(send(key("%C3%A4".repeat(126)).GET()).statusCode()).isEqualTo(400);
    String largest = "v".repeat(MAX_ITEM);
    assertThat(put("large", largest).statusCode()).isEqualTo(204);
    assertThat(send(key("large").GET()).body()).isEqualTo(largest);
    assertThat(put("large", largest + "x").statusCode()).isEqualTo(413);
    assertThat(send(key("large").GET()).body()).isEqualTo(largest);
    HttpRequest.Builder asking =
        key("asked").PUT(BodyPublishers.ofString("y".repeat(70_000))).expectContinue(true);
    assertThat(send(asking).statusCode()).isEqualTo(204);
    assertThat(send(key("asked").GET()).body()).hasSize(70_000);
  }

  @Test
  void aBrowsersPageIsRefused() throws Exception {
    try (Bytes bytes = new Bytes()) {
      String head =
          "POST /keys/csrf?incr=1&initial=1 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n";
      assertThat(bytes.ask(head + "\r\n")).startsWith("HTTP/1.1 403 ");
    }
    assertThat(send(key("csrf").GET()).statusCode()).isEqualTo(404);
  }

  /** A page may have its own name lead here: what it asks for has no Origin then. */
  @Test
  void aPageOfAnotherHostIsRefused() throws Exception {
    assertThat(send(key("page").PUT(BodyPublishers.ofString("secret"))).statusCode())
        .isEqualTo(204);
    for (String request :
        List.of(
            "GET /keys/page HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "PUT /keys/page HTTP/1.1\r\nHost: evil.example:80\r\nContent-Length: 1\r\n\r\nx",
            "GET /keys/page HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")) {
      try (Bytes bytes = new Bytes()) {
        assertThat(bytes.ask(request)).startsWith("HTTP/1.1 421 ").doesNotContain("secret");
      }
    }
    try (Bytes bytes = new Bytes()) {
      assertThat(bytes.ask("GET /keys/page HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .endsWith("secret");
    }
  }

  /** What a socket says to bytes. */
  private final class Bytes implements AutoCloseable {
    private final Socket socket = new Socket(address().getAddress(), address().getPort());

    Bytes() throws IOException {
      socket.setSoTimeout(30_000);
    }

    String ask(String request) throws IOException {
      write(request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    void write(String request) throws IOException {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    String next(int length) throws IOException {
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void whatIsNoRequestEndsThatConnectionBehindAResponse() throws Exception {
    String[][] bad = {
      {"nonsense\r\n\r\n", "400"},
      {"GET /keys/x HTTP/9.9\r\n\r\n", "505"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
      {"GET /keys/" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n", "414"},
      {"GET /keys/x HTTP/1.1\r\nA: " + "x".repeat(9000) + "\r\n\r\n", "431"},
      {"PUT /keys/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "411"},
      {"GET /keys/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "411"},
      {"GET /keys/x HTTP/1.1\r\nTransfer-Encoding: other\r\n\r\nx", "411"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: -1\r\n\r\nx", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx", "400"},
    };
    for (String[] each : bad) {
      try (Bytes bytes = new Bytes()) {
        String answer = bytes.ask(each[0] + "GET /keys/after HTTP/1.1\r\n\r\n");
        String line = each[0].lines().findFirst().orElse("").replaceAll("(.{40}).*", "$1");
        assertThat(answer).as(line).startsWith("HTTP/1.1 " + each[1] + " ");
        assertThat(answer).contains("Connection: close").containsOnlyOnce("HTTP/1.1 ");
      }
    }
  }

  @Test
  void aWrongRequestLeavesItsConnectionOpen() throws Exception {
    String[][] wrong = {
      {"PATCH /keys/x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "405"},
      {"PUT /keys/x HTTP/1.1\r\n\r\n", "411"},
      {"GET /other HTTP/1.1\r\n\r\n", "404"},
      {"GET /keys/ HTTP/1.1\r\n\r\n", "400"},
      {"GET /keys/%zz HTTP/1.1\r\n\r\n", "400"},
      {"GET /keys/%4 HTTP/1.1\r\n\r\n", "400"},
      {"GET /keys/x?y HTTP/1.1\r\n\r\n", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 1\r\nKumo-Flags: -1\r\n\r\nx", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 1\r\nKumo-Expiry: soon\r\n\r\nx", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 1\r\nIf-Match: W/\"1\"\r\n\r\nx", "400"},
      {"PUT /keys/x HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + "x".repeat(2_000_000), "413"},
      {"DELETE /keys/x HTTP/1.1\r\nIf-None-Match: *\r\n\r\n", "400"},
    };
    for (String[] each : wrong) {
      try (Bytes bytes = new Bytes()) {
        String answer = bytes.ask(each[0] + "HEAD /keys/after HTTP/1.1\r\n\r\n");
        String line = each[0].lines().findFirst().orElse("");
        assertThat(answer).as(line).startsWith("HTTP/1.1 " + each[1] + " ");
        assertThat(answer).as(line).contains("\nHTTP/1.1 404 Not Found");
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String value = "value " + i;
      requests.append("PUT /keys/pipe HTTP/1.1\r\nContent-Length: " + value.length() + "\r\n\r\n");
      requests.append(value).append("GET /keys/pipe HTTP/1.1\r\n\r\n");
    }
    try (Bytes bytes = new Bytes()) {
      String[] answers = bytes.ask(requests.toString()).split("HTTP/1.1 ", -1);
      assertThat(answers).hasSize(401);
      for (int i = 0; i < 200; i++) {
        assertThat(answers[2 * i + 1]).startsWith("204 ");
        assertThat(answers[2 * i + 2]).startsWith("200 ").endsWith("value " + i);
      }
    }
  }

  @Test
  void aBodyMayComeInPiecesAndOldClientsGetWhatTheyAskFor() throws Exception {
    try (Bytes bytes = new Bytes()) {
      bytes.write("PUT /keys/pieces HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Le");
      bytes.write("ngth: 10\r\n\r\n01234");
      bytes.write("56789");
      String stored = "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n";
      assertThat(bytes.next(stored.length())).isEqualTo(stored);
      String rest = bytes.ask("GET /keys/pieces HTTP/1.0\r\n\r\nGET /keys/pieces HTTP/1.0\r\n\r\n");
      assertThat(rest).contains("Connection: close").endsWith("0123456789");
      assertThat(rest).containsOnlyOnce("HTTP/1.1 ");
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws Exception {
    List<Bytes> open = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        open.add(new Bytes());
      }
      Awaitility.await()
          .untilAsserted(
              () -> {
                try (Bytes more = new Bytes()) {
                  String answer = more.ask("");
                  assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Connection: close");
                }
              });
    } finally {
      for (Bytes each : open) {
        each.close();
      }
    }
    Awaitility.await().until(() -> gateway.totals().get(GatewayMetric.CURR_CONNECTIONS) <= 2);
  }

  /** The lines of the page that begin as commands do, typed; the others are what they print. */
  @Test
  void everyCommandOfThePagePrintsWhatItSays() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    String block = Files.readString(root.resolve("docs/http.md")).split("```", -1)[1];
    List<String> lines = block.strip().lines().toList();
    String commands = join(lines.stream().filter(line -> line.matches("(curl|K=|etag=).*")));
    String expected = join(lines.stream().filter(line -> !line.matches("(curl|K=|etag=).*")));
    Process bash =
        new ProcessBuilder("bash", "-c", commands.replace("11711", "" + address().getPort()))
            .redirectErrorStream(true)
            .start();
    String printed = new String(bash.getInputStream().readAllBytes(), ISO_8859_1);
    assertThat(commands.lines()).hasSizeGreaterThan(10);
    assertThat(printed).isEqualTo(expected);
  }

  private static String join(Stream<String> lines) {
    return lines.map(line -> line + "\n").collect(Collectors.joining());
  }

  /** Whatever comes, it costs its own connection at most. */
  @Test
  void noBytesDoHarm() throws Exception {
    put("unharmed", "x");
    for (int seed = 0; seed < 300; seed++) {
      try (Bytes bytes = new Bytes()) {
        bytes.ask(mutated(new Random(seed)));
      } catch (SocketException reset) {
        assertThat(reset).as("seed %d", seed).hasMessageMatching("(?i).*(reset|broken pipe).*");
      }
    }
    assertThat(send(key("unharmed").GET()).body()).isEqualTo("x");
    Awaitility.await().until(() -> gateway.totals().get(GatewayMetric.CURR_CONNECTIONS) <= 2);
  }

  private static String mutated(Random random) {
    String[] pieces = {"\r\n", "%", "\"", "Content-Length: 9\r\n", "\0", "*"};
    StringBuilder text = new StringBuilder();
    text.append("PUT /keys/fuzz HTTP/1.1\r\nContent-Length: 5\r\nKumo-Flags: 3\r\n\r\nvalue");
    text.append("GET /keys/fuzz HTTP/1.1\r\nIf-None-Match: \"12\"\r\n\r\n");
    text.append("POST /keys/fuzzed?incr=1&initial=1 HTTP/1.1\r\nConnection: x\r\n\r\n");
    for (int changes = random.nextInt(7); changes > 0 && !text.isEmpty(); changes--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, pieces[random.nextInt(pieces.length)]);
        default -> text.setLength(at + 1);
      }
    }
    return text.toString();
  }
}
