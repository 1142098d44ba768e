package io.kumo.tools.top;

import io.kumo.core.protocol.admin.StatusCommand;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.StatusClient;
import org.jspecify.annotations.Nullable;

/**
 * What a server said at one moment; the counts are unsigned.
 *
 * @param takenNs on the clock of {@link io.kumo.core.clock.TimeSource#nanoTime}
 * @param error why it said nothing, or null
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
    @Nullable String error) {

  /** Stands where a rebalance would, as it is what an operator has to act on. */
  private static final String DISK_FULL = "FULL";

  static TopSample take(String server, RpcClient client, long nowNs) {
    return new TopSample(
        server,
        StatusClient.number(client, StatusCommand.COUNT_GET),
        StatusClient.number(client, StatusCommand.COUNT_SET),
        StatusClient.number(client, StatusCommand.COUNT_DELETE),
        StatusClient.number(client, StatusCommand.ITEMS),
        StatusClient.number(client, StatusCommand.CLOCK_TIME),
        ServerStatisticsClient.ask(client).filter(ServerStatisticsClient::isDiskFull).isPresent()
            ? DISK_FULL
            : StatusClient.replaceState(client),
        nowNs,
        null);
  }

  static TopSample failed(String server, String error, long nowNs) {
    return new TopSample(server, 0, 0, 0, 0, 0, "", nowNs, error);
  }
}
