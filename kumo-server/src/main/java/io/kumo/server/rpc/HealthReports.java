package io.kumo.server.rpc;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.votes.ReportHealth;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the managers what keeps this server from serving, once in a keepalive interval for as long
 * as something does, and when it does no more. Main loop only.
 */
public final class HealthReports {
  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final Store store;
  private final ManagerLinks managers;
  private final ServerLinks servers;
  private final AdjustableInterval keepaliveInterval;
  private final Map<NodeAddress, ReportHealth> told = new HashMap<>();
  private @Nullable Cancellable repeating;
  private long lookedNs;

  public HealthReports(
      RpcEndpoint endpoint,
      ViewHolder spaces,
      Store store,
      HybridClock clock,
      ManagerLinks managers,
      AdjustableInterval keepaliveInterval) {
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.store = store;
    this.managers = managers;
    this.servers = new ServerLinks(endpoint, spaces, clock, keepaliveInterval);
    this.keepaliveInterval = keepaliveInterval;
  }

  public void start() {
    lookedNs = endpoint.transport().time().nanoTime();
    repeating = keepaliveInterval.repeat(endpoint.transport(), 1, "health reports", this::look);
  }

  public void stop() {
    if (repeating != null) {
      repeating.cancel();
    }
    servers.stop();
  }

  /** Who was asked less often than from now on has not been silent for too long. */
  public void intervalChanged() {
    servers.forgive();
  }

  private void look() {
    long nowNs = endpoint.transport().time().nanoTime();
    long keepaliveNs = keepaliveInterval.ns();
    if (nowNs - lookedNs > keepaliveNs + keepaliveNs / 2) {
      servers.forgive();
    }
    lookedNs = nowNs;
    servers.look();
    if (!spaces.countsVotes()) {
      return;
    }
    ReportHealth now = new ReportHealth(store.fullness() != null, servers.unreachable());
    told.keySet().retainAll(managers.addresses());
    for (NodeAddress manager : managers.addresses()) {
      Peer peer = endpoint.peer(manager);
      ReportHealth before = told.getOrDefault(manager, ReportHealth.WELL);
      boolean news = !now.equals(ReportHealth.WELL) || !now.equals(before);
      if (news && peer.connected() && Capabilities.votes(peer.capabilities())) {
        tell(manager, peer, before, now);
      }
    }
  }

  /** That it is well is repeated until it is answered for, all else as long as it is so. */
  private void tell(NodeAddress manager, Peer peer, ReportHealth before, ReportHealth now) {
    told.put(manager, now);
    peer.call(
        now,
        keepaliveInterval.ns(),
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {
            told.replace(manager, now, before);
          }
        });
  }
}
