package io.kumo.core.route.cluster;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this machine's clock with those of the active servers, every few seconds, and says once
 * when one is further away than allowed. Servers tell whole seconds, so a difference below one
 * cannot be told. Confined to its event loop.
 */
public final class ServerClocks {
  private static final Logger LOG = LoggerFactory.getLogger(ServerClocks.class);

  private static final long PERIOD_NS = Duration.ofSeconds(2).toNanos();
  private static final long TIMEOUT_NS = Duration.ofSeconds(1).toNanos();
  private static final long SECOND_MILLIS = 1000;

  private final RpcEndpoint endpoint;
  private final RingHolder ring;
  private final ClusterClock clock;
  private final long maxSkewMillis;
  private final Map<NodeAddress, Long> aheadMillis = new HashMap<>();
  private final Set<NodeAddress> skewed = new HashSet<>();
  private @Nullable Cancellable asking;

  /**
   * @param clock is set right
   * @param maxSkew which is not worth a word
   */
  public ServerClocks(RpcEndpoint endpoint, RingHolder ring, ClusterClock clock, Duration maxSkew) {
    this.endpoint = endpoint;
    this.ring = ring;
    this.clock = clock;
    this.maxSkewMillis = maxSkew.toMillis();
  }

  /** Begins asking. */
  public void start() {
    asking = endpoint.transport().repeat(PERIOD_NS, "clock comparison", this::askAll);
    ring.addListener(this::askAll);
  }

  public void stop() {
    if (asking != null) {
      asking.cancel();
    }
  }

  private void askAll() {
    List<NodeAddress> active =
        ring.view().spaces().write().nodes().stream()
            .filter(Node::active)
            .map(Node::address)
            .toList();
    aheadMillis.keySet().retainAll(active);
    skewed.retainAll(active);
    active.forEach(this::ask);
  }

  private void ask(NodeAddress server) {
    TimeSource time = endpoint.transport().time();
    long sentMillis = time.unixMillis();
    long sentNs = time.nanoTime();
    endpoint
        .peer(server)
        .call(
            new GetStatus(StatusField.TIME.id()),
            TIMEOUT_NS,
            new ReplyHandler() {
              @Override
              public void reply(ByteBuf result) throws MalformedMessageException {
                long tookMillis = TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - sentNs);
                heard(server, MsgPack.readUnsigned(result) * SECOND_MILLIS, sentMillis, tookMillis);
              }

              @Override
              public void error(ErrorCode code, String detail) {}
            });
  }

  /** The answer was made between the sending and now, somewhere in the second that it names. */
  private void heard(NodeAddress server, long theirMillis, long sentMillis, long tookMillis) {
    long most = sentMillis + tookMillis - theirMillis;
    long least = sentMillis - (theirMillis + SECOND_MILLIS - 1);
    boolean agrees = least <= 0 && most >= 0;
    long ahead = agrees ? 0 : (least + most) / 2;
    aheadMillis.put(server, ahead);
    clock.correct(median());
    say(server, ahead);
  }

  private long median() {
    List<Long> sorted = aheadMillis.values().stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void say(NodeAddress server, long ahead) {
    if (Math.abs(ahead) <= maxSkewMillis) {
      skewed.remove(server);
    } else if (skewed.add(server)) {
      LOG.warn(
          LogId.GATEWAY_CLOCK_OFF,
          "this clock is about {} ms {} that of {}; set it right",
          Math.abs(ahead),
          ahead > 0 ? "ahead of" : "behind",
          server);
    }
  }
}
