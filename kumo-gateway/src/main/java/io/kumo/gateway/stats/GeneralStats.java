package io.kumo.gateway.stats;

import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.extended.ItemStatistics;
import io.kumo.gateway.client.ClientConnection;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.Stat;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayTotals;
import java.util.ArrayList;
import java.util.List;

/** Lines about this gateway; the names are memcached's where the meaning is the same. */
public final class GeneralStats {
  private static final long MILLIS = 1000;

  /**
   * What does not happen here: nothing is evicted, and whether an item was ever fetched is not
   * kept, as that would be a write per read.
   */
  private static final List<String> NEVER =
      List.of("evictions", "evicted_unfetched", "expired_unfetched");

  private final ClientLoop clientLoop;
  private final GatewayTotals totals;
  private final McSettings settings;
  private final int threads;
  private final TimeSource time;
  private final long startedMs;

  /**
   * @param threads event loops of the gateway
   */
  public GeneralStats(
      ClientLoop clientLoop,
      GatewayTotals totals,
      McSettings settings,
      int threads,
      TimeSource time) {
    this.clientLoop = clientLoop;
    this.totals = totals;
    this.settings = settings;
    this.threads = threads;
    this.time = time;
    this.startedMs = time.unixMillis();
  }

  /**
   * @param cluster what the servers have together
   */
  List<Stat> general(ItemStatistics cluster) {
    ProcessTimes times = ProcessTimes.now();
    List<Stat> lines = new ArrayList<>();
    lines.add(new Stat("pid", ProcessHandle.current().pid()));
    lines.add(new Stat("uptime", (time.unixMillis() - startedMs) / MILLIS));
    lines.add(new Stat("time", time.unixMillis() / MILLIS));
    lines.add(new Stat("version", settings.version()));
    lines.add(new Stat("kumo_version", Version.current()));
    lines.add(new Stat("pointer_size", 64));
    lines.add(new Stat("rusage_user", times.userSeconds()));
    lines.add(new Stat("rusage_system", times.systemSeconds()));
    lines.add(new Stat("max_connections", clientLoop.limits().maxConnections()));
    for (GatewayMetric metric : GatewayMetric.values()) {
      lines.add(new Stat(metric.statName(), totals.sinceReset(metric)));
    }
    lines.add(new Stat("connection_structures", totals.get(GatewayMetric.CURR_CONNECTIONS)));
    lines.add(new Stat("curr_items", cluster.items()));
    lines.add(new Stat("bytes", cluster.bytes()));
    lines.add(new Stat("limit_maxbytes", cluster.bytes() + cluster.spareBytes()));
    lines.add(new Stat("reclaimed", cluster.reclaimed()));
    lines.add(new Stat("accepting_conns", 1));
    lines.add(new Stat("threads", threads));
    NEVER.forEach(name -> lines.add(new Stat(name, 0)));
    return lines;
  }

  List<Stat> settings() {
    return List.of(
        new Stat("maxconns", clientLoop.limits().maxConnections()),
        new Stat("item_size_max", settings.maxItemBytes()),
        new Stat("max_keys_per_get", settings.maxKeysPerGet()),
        new Stat("max_commands_in_flight", clientLoop.limits().maxCommandsInFlight()),
        new Stat("max_bytes_in_flight", clientLoop.limits().maxBytesInFlight()),
        new Stat("max_unread_bytes", clientLoop.limits().maxUnreadBytes()),
        new Stat("max_total_bytes_in_flight", clientLoop.limits().maxTotalBytesInFlight()),
        new Stat("idle_timeout", clientLoop.limits().idleNs() / 1_000_000_000),
        new Stat("flush_enabled", settings.flushAllowed() ? "yes" : "no"),
        new Stat("drop_on_too_large", settings.dropOnTooLarge() ? "yes" : "no"),
        new Stat("maxbytes", 0),
        new Stat("udpport", 0),
        new Stat("verbosity", 0),
        new Stat("oldest", 0),
        new Stat("stat_key_prefix", ":"),
        new Stat("detail_enabled", "no"),
        new Stat("cas_enabled", "yes"),
        new Stat("evictions", "off"),
        new Stat("auth_enabled_sasl", "no"),
        new Stat("num_threads", threads),
        new Stat("binding_protocol", "auto-negotiate"));
  }

  /** There are no slab classes; all items are in number 1. */
  List<Stat> items(ItemStatistics cluster) {
    return List.of(
        new Stat("items:1:number", cluster.items()),
        new Stat("items:1:evicted", 0),
        new Stat("items:1:outofmemory", 0));
  }

  /** Memory is not cut into slabs. */
  List<Stat> slabs() {
    return List.of(new Stat("active_slabs", 0), new Stat("total_malloced", 0));
  }

  List<Stat> connections() {
    List<Stat> lines = new ArrayList<>();
    long nowNs = time.nanoTime();
    for (ClientConnection connection : clientLoop.table().all()) {
      long id = connection.id();
      long idleSeconds = (nowNs - connection.lastRequestNs()) / 1_000_000_000;
      boolean busy = connection.commandsInFlight() > 0;
      lines.add(new Stat(id + ":addr", connection.kind() + ":" + connection.remote()));
      lines.add(new Stat(id + ":listen_addr", connection.kind() + ":" + connection.local()));
      lines.add(new Stat(id + ":state", busy ? "conn_parse_cmd" : "conn_read"));
      lines.add(new Stat(id + ":secs_since_last_cmd", idleSeconds));
    }
    return lines;
  }
}
