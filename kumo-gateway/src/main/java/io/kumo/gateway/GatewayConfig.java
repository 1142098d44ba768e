package io.kumo.gateway;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.gateway.memcached.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.route.RouterOptions;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a gateway is started with.
 *
 * @param managers one or two
 * @param listen addresses that serve text, meta and binary
 * @param listenBinary addresses that serve binary only
 * @param loops event loops, each with connections of its own to every server
 * @param keyPrefix in front of each key, as UTF-8; empty for none
 * @param renewThreshold errors that are borne before managers are asked
 */
public record GatewayConfig(
    List<NodeAddress> managers,
    List<InetSocketAddress> listen,
    List<InetSocketAddress> listenBinary,
    int loops,
    String keyPrefix,
    int renewThreshold,
    RpcOptions rpc,
    RouterOptions router,
    McSettings memcached,
    ClientLimits limits) {}
