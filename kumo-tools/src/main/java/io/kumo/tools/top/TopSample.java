package io.kumo.tools.top;

import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.StatusClient;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server said at one moment; the counts are unsigned.
 *
 * @param takenNs on the clock of {@link io.kumo.core.clock.TimeSource#nanoTime}
 * @param error why it said nothing, or null
 * @param figures all that it counts; empty of a server of kumofs 0.4.13
 */
record TopSample(
    String server,
    long gets,
    long sets,
    long deletes,
    long items,
    long clockTime,
    String state,
    long takenNs,
    @Nullable String error,
    Map<String, Long> figures) {

  /** Stands where a rebalance would, as it is what an operator has to act on. */
  private static final String DISK_FULL = "FULL";

  private static final String SUSPENDED = "suspended";

  TopSample {
    figures = Map.copyOf(figures);
  }

  /** Of a server that says no more than those of kumofs 0.4.13 do. */
  TopSample(
      String server,
      long gets,
      long sets,
      long deletes,
      long items,
      long clockTime,
      String state,
      long takenNs,
      @Nullable String error) {
    this(server, gets, sets, deletes, items, clockTime, state, takenNs, error, Map.of());
  }

  static TopSample take(String server, RpcClient client, long nowNs) {
    Optional<ServerStatistics> figures = ServerStatisticsClient.ask(client);
    return new TopSample(
        server,
        StatusClient.number(client, StatusField.COUNT_GET),
        StatusClient.number(client, StatusField.COUNT_SET),
        StatusClient.number(client, StatusField.COUNT_DELETE),
        StatusClient.number(client, StatusField.ITEMS),
        StatusClient.number(client, StatusField.CLOCK_TIME),
        figures.filter(ServerStatisticsClient::isDiskFull).isPresent()
            ? DISK_FULL
            : StatusClient.replaceState(client),
        nowNs,
        null,
        figures.map(ServerStatistics::values).orElseGet(TreeMap::new));
  }

  /** The same of a server that an operator has taken out for maintenance. */
  TopSample suspended() {
    String why = error == null ? null : SUSPENDED + ": " + error;
    return new TopSample(
        server, gets, sets, deletes, items, clockTime, SUSPENDED, takenNs, why, figures);
  }

  /** One of its figures, such as {@code file_bytes}; 0 when it does not say. */
  long figure(String name) {
    return figures.getOrDefault("kumo_server_" + name, 0L);
  }

  static TopSample failed(String server, String error, long nowNs) {
    return new TopSample(server, 0, 0, 0, 0, 0, "", nowNs, error);
  }
}
