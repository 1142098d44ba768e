package io.kumo.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Version;
import io.kumo.core.http.Readiness;
import io.kumo.core.http.Shown;
import io.kumo.core.http.StatusJson;
import io.kumo.core.metrics.MetricsSnapshot;
import io.kumo.gateway.metrics.GatewayMetric;
import java.io.IOException;

/** What a gateway shows over HTTP. Thread-safe. */
record GatewayPages(Gateway gateway) implements Shown {
  @Override
  public MetricsSnapshot metrics() {
    return new MetricsSnapshot(gateway.measurements(), gateway.totals().histograms());
  }

  @Override
  public Readiness readiness() throws IOException {
    return gateway.readiness();
  }

  @Override
  public ObjectNode status() throws IOException {
    ObjectNode status = StatusJson.of("gateway", Version.current(), readiness());
    ArrayNode listens = status.putArray("listens");
    gateway.listens().forEach(listens::add);
    status.set("view", StatusJson.view(gateway.view().spaces()));
    ObjectNode counts = status.putObject("counts");
    for (GatewayMetric metric : GatewayMetric.values()) {
      counts.put(metric.statName(), gateway.totals().get(metric));
    }
    return status;
  }
}
