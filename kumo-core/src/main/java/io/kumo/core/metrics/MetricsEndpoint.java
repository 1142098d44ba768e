package io.kumo.core.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kumo.core.guard.Guard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} in the text form 0.0.4 of Prometheus, on a thread of its own. Meant
 * for the operator's network: it knows no passwords.
 */
public final class MetricsEndpoint implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final int BACKLOG = 16;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int BROKEN = 500;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final Supplier<List<Measurement>> source;

  private MetricsEndpoint(HttpServer server, Supplier<List<Measurement>> source) {
    this.server = server;
    this.source = source;
  }

  /**
   * Starts to listen.
   *
   * @param source called for each answer, on the endpoint's thread
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public static MetricsEndpoint start(InetSocketAddress address, Supplier<List<Measurement>> source)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      String where = address.getHostString() + ":" + address.getPort();
      throw new IOException("cannot listen on " + where + ": " + e.getMessage(), e);
    }
    MetricsEndpoint endpoint = new MetricsEndpoint(server, source);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
      } else if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
      } else {
        show(exchange);
      }
    }
  }

  private void show(HttpExchange exchange) throws IOException {
    StringBuilder shown = new StringBuilder();
    Runnable reading = () -> shown.append(text(withProcess(source.get())));
    if (!Guard.ofProcess().run("metrics", exchange.getRemoteAddress(), reading)) {
      exchange.sendResponseHeaders(BROKEN, NO_BODY);
      return;
    }
    byte[] body = shown.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
    exchange.sendResponseHeaders(OK, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Every process tells how late its loops were, and how many bugs it has met. */
  private static List<Measurement> withProcess(List<Measurement> own) {
    List<Measurement> all = new ArrayList<>(own);
    all.addAll(LoopDelays.ofProcess().measurements());
    String help = "Mistakes in this program that it met and survived; each is in the log.";
    all.add(new Measurement("kumo_bugs_total", true, help, Guard.ofProcess().bugs()));
    return all;
  }

  static String text(List<Measurement> measurements) {
    StringBuilder text = new StringBuilder();
    for (Measurement m : measurements) {
      String type = m.growing() ? "counter" : "gauge";
      text.append("# HELP ").append(m.name()).append(' ').append(m.help()).append('\n');
      text.append("# TYPE ").append(m.name()).append(' ').append(type).append('\n');
      text.append(m.name()).append(' ').append(m.value()).append('\n');
    }
    return text.toString();
  }

  /** Stops answering. */
  @Override
  public void close() {
    server.stop(0);
  }
}
