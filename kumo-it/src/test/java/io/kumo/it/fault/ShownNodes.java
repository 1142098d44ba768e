package io.kumo.it.fault;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.http.HttpEndpoint;
import io.kumo.core.http.Readiness;
import io.kumo.core.http.Shown;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.MetricsSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What nodes show of themselves over HTTP, by their names; what is shown can be made to throw. */
final class ShownNodes implements AutoCloseable {
  private final Map<String, HttpEndpoint> endpoints = new HashMap<>();
  private final AtomicBoolean throwsNext = new AtomicBoolean();

  private record Counted(Supplier<List<Measurement>> source) implements Shown {
    @Override
    public MetricsSnapshot metrics() {
      return new MetricsSnapshot(source.get(), List.of());
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

  void add(String node, Supplier<List<Measurement>> source) throws IOException {
    Supplier<List<Measurement>> faulty =
        () -> {
          if (throwsNext.compareAndSet(true, false)) {
            throw FaultyTransport.thrown();
          }
          return source.get();
        };
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    endpoints.put(node, HttpEndpoint.start(anyPort, new Counted(faulty)));
  }

  /** The next that asks any node meets what throws. */
  void throwNext() {
    throwsNext.set(true);
  }

  long metric(String node, String name) throws Exception {
    return ask(node)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  HttpResponse<String> ask(String node) throws Exception {
    String where = "http://127.0.0.1:" + endpoints.get(node).address().getPort() + "/metrics";
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(where)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    endpoints.values().forEach(HttpEndpoint::close);
    endpoints.clear();
  }
}
