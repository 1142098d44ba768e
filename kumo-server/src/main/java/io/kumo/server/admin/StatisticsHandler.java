package io.kumo.server.admin;

import io.kumo.core.guard.Guard;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.store.StoreException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Tells all that a server counts. Main loop only; the store is asked by an executor. */
public final class StatisticsHandler {
  private final RpcEndpoint endpoint;
  private final ServerTotals totals;
  private final Executor executor;

  public StatisticsHandler(RpcEndpoint endpoint, ServerTotals totals, Executor executor) {
    this.endpoint = endpoint;
    this.totals = totals;
    this.executor = executor;
  }

  public void register() {
    endpoint.handle(
        Method.GET_SERVER_STATISTICS,
        GetServerStatistics.class,
        (m, caller, reply) -> statistics(reply));
  }

  private void statistics(Replier reply) {
    SortedMap<String, Long> values = new TreeMap<>();
    Identity identity = endpoint.identity();
    values.put(ServerStatistics.INCARNATION, identity == null ? 0 : identity.incarnation());
    values.put(ServerStatistics.BUGS, Guard.ofProcess().bugs());
    try {
      executor.execute(() -> answer(values, reply));
    } catch (RejectedExecutionException e) {
      reply.errorText("the server is asked too often");
    }
  }

  private void answer(SortedMap<String, Long> values, Replier reply) {
    try {
      for (Measurement measurement : totals.measurements()) {
        values.put(measurement.name(), measurement.value());
      }
      totals.histograms().forEach(histogram -> values.putAll(histogram.samples()));
      endpoint.transport().execute(() -> new ServerStatistics(values).write(reply.begin()));
    } catch (StoreException e) {
      endpoint.transport().execute(() -> reply.errorText(String.valueOf(e.getMessage())));
    }
  }
}
