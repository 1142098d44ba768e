package io.kumo.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Version;
import io.kumo.core.http.LoopQuestion;
import io.kumo.core.http.Readiness;
import io.kumo.core.http.Shown;
import io.kumo.core.http.StatusJson;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.metrics.MetricsSnapshot;
import io.kumo.server.admin.ServerTotals;
import io.kumo.server.lifecycle.ReplicaState;
import io.kumo.server.view.ViewHolder;
import java.io.IOException;
import java.util.Locale;

/** What a server shows over HTTP. Thread-safe. */
record ServerPages(ServerNode node, ServerTotals totals) implements Shown {
  @Override
  public MetricsSnapshot metrics() {
    return new MetricsSnapshot(totals.measurements(), totals.histograms());
  }

  @Override
  public Readiness readiness() throws IOException {
    return onLoop().readiness();
  }

  @Override
  public ObjectNode status() throws IOException {
    Seen seen = onLoop();
    ObjectNode status = StatusJson.of("server", Version.current(), seen.readiness());
    status.put("address", node.spaces().self().toString());
    status.put("state", word(seen.state()));
    status.set("view", seen.view());
    ObjectNode counts = status.putObject("counts");
    for (Measurement number : totals.measurements()) {
      counts.put(number.name(), number.value());
    }
    return status;
  }

  /**
   * What the loop knows.
   *
   * @param coordinates whether it may coordinate its keys now, which takes a lease
   */
  private record Seen(ReplicaState state, boolean coordinates, ObjectNode view) {
    private Readiness readiness() {
      if (state != ReplicaState.SERVING) {
        return Readiness.lacks("it is " + word(state));
      }
      return coordinates ? Readiness.READY : Readiness.lacks("it has no lease");
    }
  }

  private Seen onLoop() throws IOException {
    return LoopQuestion.ask(node.endpoint().transport(), this::look);
  }

  private Seen look() {
    ViewHolder spaces = node.spaces();
    boolean coordinates =
        spaces.current().write().dump().stream()
            .filter(point -> point.node().address().equals(spaces.self()))
            .findFirst()
            .map(point -> spaces.takesWrites(point.hash()))
            .orElse(false);
    return new Seen(spaces.lifecycle().state(), coordinates, StatusJson.view(spaces.current()));
  }

  private static String word(ReplicaState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
