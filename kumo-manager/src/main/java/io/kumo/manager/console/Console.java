package io.kumo.manager.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Version;
import io.kumo.core.http.LoopQuestion;
import io.kumo.core.http.Page;
import io.kumo.core.http.Readiness;
import io.kumo.core.http.Shown;
import io.kumo.core.http.StatusJson;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.MetricsSnapshot;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.manager.ManagerControl;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a manager shows over HTTP: beside what every daemon does, the cluster as it sees it, and the
 * console, a page that shows that. The endpoint's threads ask the manager's loop.
 */
public final class Console implements Shown {
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String PAGE = "console.html";

  private final Transport transport;
  private final ManagerControl control;
  private final Supplier<List<Measurement>> numbers;
  private final ClusterPicture picture;
  private final ObjectMapper json = new ObjectMapper();

  private Console(
      Transport transport,
      ManagerControl control,
      ClusterPicture picture,
      Supplier<List<Measurement>> numbers) {
    this.transport = transport;
    this.control = control;
    this.numbers = numbers;
    this.picture = picture;
  }

  /**
   * Begins to take note of what happens. Any thread.
   *
   * @param numbers what the manager measures; called from any thread
   */
  public static Console start(
      RpcEndpoint endpoint, ManagerControl control, Supplier<List<Measurement>> numbers) {
    Transport transport = endpoint.transport();
    EventHistory history = new EventHistory(transport.time());
    ServerStatisticsPoll statistics = new ServerStatisticsPoll(endpoint);
    ClusterEvents events = new ClusterEvents(control, history);
    transport.execute(() -> endpoint.addNodeListener(history));
    transport.repeat(
        LOOK_NS,
        "looking at the cluster",
        () -> {
          events.look();
          statistics.tick(control.table().live().keySet());
        });
    ClusterPicture picture = new ClusterPicture(control, endpoint, statistics, history);
    return new Console(transport, control, picture, numbers);
  }

  @Override
  public MetricsSnapshot metrics() {
    return new MetricsSnapshot(numbers.get(), List.of());
  }

  @Override
  public Readiness readiness() throws IOException {
    return LoopQuestion.ask(transport, this::whatIsLacking);
  }

  private Readiness whatIsLacking() {
    boolean knows = !control.table().spaces().write().isEmpty();
    return knows ? Readiness.READY : Readiness.lacks("it knows of no server that is active");
  }

  @Override
  public ObjectNode status() throws IOException {
    return LoopQuestion.ask(
        transport,
        () -> {
          ObjectNode status = StatusJson.of("manager", Version.current(), whatIsLacking());
          status.put("address", String.valueOf(control.self()));
          picture.describe(status);
          return status;
        });
  }

  @Override
  public Map<String, Page> pages() {
    return Map.of("/", new Html(), "/ring.json", new Ring());
  }

  /** The page, which asks for {@code status.json} once a second. */
  private static final class Html implements Page {
    @Override
    public String contentType() {
      return "text/html; charset=utf-8";
    }

    @Override
    public byte[] body() throws IOException {
      try (InputStream in = Console.class.getResourceAsStream(PAGE)) {
        if (in == null) {
          throw new IOException("the page is not in this program's jar");
        }
        return in.readAllBytes();
      }
    }
  }

  private final class Ring implements Page {
    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public byte[] body() throws IOException {
      return json.writeValueAsBytes(LoopQuestion.ask(transport, picture::ring));
    }
  }
}
