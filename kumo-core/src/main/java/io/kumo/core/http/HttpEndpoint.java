package io.kumo.core.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.kumo.core.guard.Guard;
import io.kumo.core.metrics.Exposition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers those who watch a process: {@code /metrics} for Prometheus, {@code /healthz} (it runs),
 * {@code /readyz} (it can serve: 200, else 503 and why), {@code /status.json}, and what the daemon
 * shows besides. Nothing can be changed through it. With a token only who gives it is answered, but
 * for {@code /healthz}; without, a port of loopback answers requests to {@link OwnHosts} alone.
 *
 * <p>Bounded: the threads of {@link HttpThreads} and the requests that wait for one, 512
 * connections, 10 s for a request to arrive and 30 s for its answer to be taken.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final int BACKLOG = 16;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int MISDIRECTED = 421;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int BROKEN = 500;
  private static final int NOT_NOW = 503;
  private static final int NO_BODY = -1;
  private static final String HEALTH = "/healthz";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";

  /** A page is its own: it loads nothing, from here or elsewhere, but the figures that it shows. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  static {
    bound("sun.net.httpserver.maxReqTime", 10);
    bound("sun.net.httpserver.maxRspTime", 30);
    bound("jdk.httpserver.maxConnections", 512);
  }

  private final HttpServer server;
  private final HttpThreads threads;
  private final Shown shown;
  private final HttpAccess access;
  private final OwnHosts hosts;
  private final Map<String, Page> pages;
  private final Exposition exposition = new Exposition();
  private final ObjectMapper json = new ObjectMapper();

  /** What is answered. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(int status, String contentType, byte[] body) {
    private static Answer text(int status, String text) {
      return new Answer(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private HttpEndpoint(
      HttpServer server, HttpThreads threads, Shown shown, HttpAccess access, OwnHosts hosts) {
    this.access = access;
    this.hosts = hosts;
    this.server = server;
    this.threads = threads;
    this.shown = shown;
    this.pages = new TreeMap<>(shown.pages());
  }

  private static void bound(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public static HttpEndpoint start(InetSocketAddress address, Shown shown) throws IOException {
    return start(address, shown, HttpAccess.OPEN);
  }

  /** The same for those who may look. */
  public static HttpEndpoint start(InetSocketAddress address, Shown shown, HttpAccess access)
      throws IOException {
    HttpServer server;
    try {
      server = create(address, access);
    } catch (IOException e) {
      String where = address.getHostString() + ":" + address.getPort();
      throw new IOException("cannot listen on " + where + ": " + e.getMessage(), e);
    }
    HttpThreads threads = new HttpThreads();
    HttpEndpoint endpoint = new HttpEndpoint(server, threads, shown, access, access.hosts(address));
    server.setExecutor(threads);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  private static HttpServer create(InetSocketAddress address, HttpAccess access)
      throws IOException {
    if (access.tls() == null) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(access.tls().jdkContext()));
    return server;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
        return;
      }
      threads.works();
      Answer[] answer = {Answer.text(BROKEN, "a bug; the log has it")};
      Guard.ofProcess()
          .run("http", exchange.getRemoteAddress(), () -> answer[0] = answerTo(exchange));
      threads.talks();
      send(exchange, answer[0], method.equals("HEAD"));
    }
  }

  private Answer answerTo(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Headers headers = exchange.getRequestHeaders();
    if (!path.equals(HEALTH) && !hosts.allow(headers.get("Host"))) {
      return Answer.text(
          MISDIRECTED,
          "without --http-token-file this port of loopback answers to localhost alone, not to other"
              + " names");
    }
    if (!path.equals(HEALTH) && !access.allows(headers.getFirst("Authorization"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", HttpAccess.CHALLENGE);
      return Answer.text(UNAUTHORIZED, "a token is needed (--http-token-file)");
    }
    try {
      return switch (path) {
        case "/metrics" -> metrics(headers.getFirst("Accept"));
        case HEALTH -> Answer.text(OK, "ok");
        case "/readyz" -> ready(shown.readiness());
        case "/status.json" -> new Answer(OK, JSON, json.writeValueAsBytes(shown.status()));
        default -> page(path);
      };
    } catch (IOException e) {
      return Answer.text(NOT_NOW, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return Answer.text(NOT_NOW, String.valueOf(e.getCause().getMessage()));
    }
  }

  private Answer metrics(@Nullable String accept) throws IOException {
    Exposition.Page page = exposition.page(shown.metrics().withProcess(), accept);
    return new Answer(OK, page.contentType(), page.body());
  }

  private static Answer ready(Readiness readiness) {
    return readiness.isReady()
        ? Answer.text(OK, "ready")
        : Answer.text(NOT_NOW, "not ready: " + readiness.why());
  }

  private Answer page(String path) throws IOException {
    Page page = pages.get(path);
    if (page == null) {
      return Answer.text(NOT_FOUND, "there are /metrics, /healthz, /readyz and /status.json");
    }
    return new Answer(OK, page.contentType(), page.body());
  }

  private static void send(HttpExchange exchange, Answer answer, boolean headOnly)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", POLICY);
    if (headOnly) {
      headers.set("Content-Length", Integer.toString(answer.body().length));
      exchange.sendResponseHeaders(answer.status(), NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  /** Stops answering. */
  @Override
  public void close() {
    server.stop(0);
    threads.stop();
  }
}
