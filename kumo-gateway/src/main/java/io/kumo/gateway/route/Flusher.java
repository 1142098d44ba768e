package io.kumo.gateway.route;

import io.kumo.core.item.ClientTime;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a manager wipe the cluster, now or when it is due; a later order takes the place of one that
 * is not due yet. Managers of kumofs 0.4.13 know no such thing, and the flush fails. Confined to
 * its event loop.
 */
public final class Flusher {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(8);

  private final RingHolder ring;
  private final RpcEndpoint endpoint;
  private final Supplier<List<NodeAddress>> managers;

  /**
   * @param managers those followed at the moment
   */
  public Flusher(RingHolder ring, RpcEndpoint endpoint, Supplier<List<NodeAddress>> managers) {
    this.ring = ring;
    this.endpoint = endpoint;
    this.managers = managers;
  }

  /** A delay counts from the manager's clock. */
  private FlushAll order(long clientTime) {
    long nowSeconds = endpoint.transport().time().unixMillis() / 1000;
    boolean delay = ClientTime.isRelative(clientTime);
    return new FlushAll(ClientTime.absolute(clientTime, nowSeconds), delay ? clientTime : 0);
  }

  /** Takes a flush command and completes it. */
  public void flush(McCommand command) {
    Peer manager =
        managers.get().stream()
            .map(endpoint::peer)
            .filter(Peer::connected)
            .findFirst()
            .orElse(null);
    if (manager == null || !ring.view().extras().isPresent()) {
      command.complete(McStatus.FLUSH_FAILED);
      return;
    }
    manager.call(
        order(command.request().expiry()),
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            command.complete(McStatus.OK);
          }

          @Override
          public void error(ErrorCode code, String detail) {
            LOG.warn(LogId.FLUSH_FAILED, "flush_all: {} {}", code, detail);
            command.complete(McStatus.FLUSH_FAILED);
          }
        });
  }
}
