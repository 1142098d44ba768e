package io.kumo.gateway;

import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a gateway is started with.
 *
 * @param loops event loops, each with connections of its own to every server
 * @param keyPrefix in front of each key, as UTF-8; empty for none
 * @param nearCacheBytes of copies of records; 0 for none
 * @param maxClockSkew by which this machine's clock may differ from a server's before it is said
 * @param security what clients have to show
 */
public record GatewayConfig(
    ManagerOptions managers,
    ClientPorts ports,
    int loops,
    String keyPrefix,
    long nearCacheBytes,
    RpcOptions rpc,
    RouterOptions router,
    McSettings memcached,
    ClientLimits limits,
    Duration maxClockSkew,
    ClientSecurity security) {
  private static final Duration DEFAULT_MAX_CLOCK_SKEW = Duration.ofSeconds(5);

  /** One loop, no near cache, and every other default of the command line. */
  public static GatewayConfig of(ManagerOptions managers, InetSocketAddress listen) {
    return new GatewayConfig(
        managers,
        ClientPorts.of(listen),
        1,
        "",
        0,
        RpcOptions.DEFAULT,
        RouterOptions.DEFAULT,
        McSettings.DEFAULT,
        ClientLimits.DEFAULT,
        DEFAULT_MAX_CLOCK_SKEW,
        ClientSecurity.NONE);
  }

  /** The same with a near cache. */
  public GatewayConfig withNearCache(long bytes) {
    return new GatewayConfig(
        managers,
        ports,
        loops,
        keyPrefix,
        bytes,
        rpc,
        router,
        memcached,
        limits,
        maxClockSkew,
        security);
  }

  /** The same with other limits and settings for clients. */
  public GatewayConfig withClients(McSettings settings, ClientLimits clientLimits) {
    return new GatewayConfig(
        managers,
        ports,
        loops,
        keyPrefix,
        nearCacheBytes,
        rpc,
        router,
        settings,
        clientLimits,
        maxClockSkew,
        security);
  }

  /** The same with another way to treat servers and lay out records. */
  public GatewayConfig withRouter(RouterOptions options) {
    return new GatewayConfig(
        managers,
        ports,
        loops,
        keyPrefix,
        nearCacheBytes,
        rpc,
        options,
        memcached,
        limits,
        maxClockSkew,
        security);
  }

  /** The same with another number of event loops, and in front of each key. */
  public GatewayConfig with(int newLoops, String newKeyPrefix) {
    return new GatewayConfig(
        managers,
        ports,
        newLoops,
        newKeyPrefix,
        nearCacheBytes,
        rpc,
        router,
        memcached,
        limits,
        maxClockSkew,
        security);
  }

  /** The same that serves keys over HTTP here, too. */
  public GatewayConfig withHttp(InetSocketAddress address) {
    return new GatewayConfig(
        managers,
        ports.withHttp(address),
        loops,
        keyPrefix,
        nearCacheBytes,
        rpc,
        router,
        memcached,
        limits,
        maxClockSkew,
        security);
  }

  /** The same with other things that clients have to show. */
  public GatewayConfig withSecurity(ClientSecurity newSecurity) {
    return new GatewayConfig(
        managers,
        ports,
        loops,
        keyPrefix,
        nearCacheBytes,
        rpc,
        router,
        memcached,
        limits,
        maxClockSkew,
        newSecurity);
  }
}
