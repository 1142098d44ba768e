package io.kumo.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.UserFile;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import io.kumo.gateway.testing.TestUsers;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users' rights leave of keys over HTTP, and who each request of a connection is by. */
class HttpRightsTest {
  /** Of "password". */
  private static final String HASH =
      "$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE";

  private static final String UNKNOWN = "HTTP/1.1 401 Unauthorized";
  private static final String DENIED = "HTTP/1.1 403 Forbidden";

  private final UserFile users =
      TestUsers.of(
          "all:%s\nreader:%s:read-only\napp:%s:prefix=app/,prefix=a%%b\n"
              .formatted(HASH, HASH, HASH));
  private TestGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(() -> users).overHttp());
    try (RawClient all = gateway.client()) {
      for (String key : new String[] {"other", "app/1"}) {
        String put = "PUT /keys/" + key;
        assertThat(ask(all, put, as("all"), "hidden")).startsWith("HTTP/1.1 204");
      }
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String as(String user) {
    byte[] pair = (user + ":password").getBytes(ISO_8859_1);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
  }

  /** The head of the answer, and what is behind it when that has a length. */
  private static String ask(RawClient client, String line, String fields, String body)
      throws IOException {
    client.send(
        line
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + fields
            + "\r\n"
            + body);
    StringBuilder answer = new StringBuilder();
    int length = 0;
    for (String next = client.line(); next.length() > 2; next = client.line()) {
      answer.append(next);
      if (next.startsWith("Content-Length: ")) {
        length = Integer.parseInt(next.substring("Content-Length: ".length()).strip());
      }
    }
    return answer + (line.startsWith("HEAD ") ? "" : client.receive(length));
  }

  /** A connection may carry the requests of several, as behind a proxy. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization:\r\n",
        "Authorization: Basic\r\n",
        "Authorization: Basic !!!\r\n",
        "Authorization: Basic OnBhc3N3b3Jk\r\n",
        "Authorization: Bearer all\r\n",
        "Authorization: Digest username=all\r\n",
        "Proxy-Authorization: Basic YWxsOnBhc3N3b3Jk\r\n",
      })
  void whoSaysNothingGoodIsNotTheOneBefore(String field) throws IOException {
    try (RawClient client = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask(client, "GET /keys/other", as("all"), "")).endsWith("hidden");
        for (int again = 0; again < 3; again++) {
          assertThat(ask(client, "GET /keys/other", field, "")).startsWith(UNKNOWN);
        }
      }
    }
  }

  @Test
  void eachRequestHasTheRightsOfItsOwnUser() throws IOException {
    try (RawClient client = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask(client, "PUT /keys/other", as("all"), "hidden")).contains(" 204 ");
        assertThat(ask(client, "PUT /keys/other", as("reader"), "new")).startsWith(DENIED);
        assertThat(ask(client, "GET /keys/other", as("app"), "")).startsWith(DENIED);
        assertThat(ask(client, "GET /keys/other", as("reader"), "")).endsWith("hidden");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other",
        "oth%65r",
        "%6f%74%68%65%72",
        "%6F%74%68%65%72",
        "APP/1",
        "./app/1",
        "/app/1",
        "%2fapp/1",
        "app%00",
        "app\\1",
        "app",
        "a",
        "a%c3%a4b",
        "%ef%bd%81pp/1",
      })
  void noSpellingOfAnotherKeyIsTheirs(String key) throws IOException {
    try (RawClient app = gateway.client()) {
      for (String request :
          new String[] {"GET", "HEAD", "PUT", "DELETE", "POST ?incr=1", "POST ?incr=1&initial=0"}) {
        String[] words = request.split(" ", 2);
        String line = words[0] + " /keys/" + key + (words.length > 1 ? words[1] : "");
        String value = words[0].equals("PUT") ? "stolen" : "";
        for (String condition : new String[] {"", "If-Match: *\r\n", "If-Match: \"1\"\r\n"}) {
          String answer = ask(app, line, as("app") + condition, value);
          assertThat(answer).as(line).startsWith(DENIED).doesNotContain("ETag", "hidden");
        }
      }
    }
    try (RawClient all = gateway.client()) {
      assertThat(ask(all, "GET /keys/other", as("all"), "")).endsWith("hidden");
    }
  }

  /** Dots are bytes of a key as any others are; nobody goes up by them. */
  @ParameterizedTest
  @ValueSource(strings = {"app/../other", "app/%2e%2e/other", "app/..%2fother", "a%25b%2e"})
  void aKeyBelowAPrefixIsOneOfItsOwn(String key) throws IOException {
    try (RawClient app = gateway.client()) {
      assertThat(ask(app, "GET /keys/" + key, as("app"), "")).startsWith("HTTP/1.1 404");
      assertThat(ask(app, "PUT /keys/" + key, as("app"), "mine")).startsWith("HTTP/1.1 204");
      assertThat(ask(app, "GET /keys/" + key, as("app"), "")).endsWith("mine");
    }
    try (RawClient all = gateway.client()) {
      assertThat(ask(all, "GET /keys/other", as("all"), "")).endsWith("hidden");
    }
  }

  /** Two lengths, or a length and chunks: no second request can hide in the first one's body. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0\r\nContent-Length: %d\r\n",
        "Content-Length: %d\r\nContent-Length: 0\r\n",
        "Content-Length: 0, %d\r\n",
        "Content-Length: +%d\r\n",
        "Content-Length: -1\r\n",
        "Content-Length : %d\r\n",
        "Content-Length: %d\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "X: a\u0000b\r\n",
        "X\r\n",
      })
  void noRequestHidesInAnother(String fields) throws IOException {
    String hidden = "GET /keys/other HTTP/1.1\r\nHost: x\r\n" + as("all") + "\r\n";
    try (RawClient app = gateway.client()) {
      app.send(
          "PUT /keys/app/1 HTTP/1.1\r\nHost: x\r\n"
              + as("app")
              + fields.formatted(hidden.length())
              + "\r\n"
              + hidden);
      String answer = app.restOrReset();
      assertThat(answer).matches("(?s)HTTP/1\\.1 4(00|11) .*").doesNotContain("hidden", "204");
    }
  }
}
