package io.kumo.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Version;
import io.kumo.core.http.LoopQuestion;
import io.kumo.core.http.Readiness;
import io.kumo.core.http.Shown;
import io.kumo.core.http.StatusJson;
import io.kumo.core.metrics.Figures;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.transport.Transport;
import io.kumo.server.admin.ServerTotals;
import io.kumo.server.lifecycle.ReplicaState;
import java.io.IOException;
import java.util.Locale;

/** What a server shows over HTTP. Thread-safe. */
record ServerPages(ServerNode node, ServerTotals totals) implements Shown {
  @Override
  public Figures figures() {
    return new Figures(totals.measurements(), totals.histograms());
  }

  @Override
  public Readiness readiness() throws IOException {
    ReplicaState state = onLoop().state();
    return state == ReplicaState.SERVING
        ? Readiness.READY
        : Readiness.lacks("it is " + word(state));
  }

  @Override
  public ObjectNode status() throws IOException {
    Seen seen = onLoop();
    ObjectNode status = StatusJson.of("server", Version.current(), readiness());
    status.put("address", node.spaces().self().toString());
    status.put("state", word(seen.state()));
    status.set("view", seen.view());
    ObjectNode counts = status.putObject("counts");
    for (Measurement number : totals.measurements()) {
      counts.put(number.name(), number.value());
    }
    return status;
  }

  private record Seen(ReplicaState state, ObjectNode view) {}

  private Seen onLoop() throws IOException {
    Transport transport = node.endpoint().transport();
    return LoopQuestion.ask(
        transport,
        () ->
            new Seen(node.spaces().lifecycle().state(), StatusJson.view(node.spaces().current())));
  }

  private static String word(ReplicaState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
