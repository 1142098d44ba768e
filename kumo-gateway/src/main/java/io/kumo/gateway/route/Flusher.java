package io.kumo.gateway.route;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.FlushAll;
import io.kumo.core.protocol.GetStatus;
import io.kumo.core.protocol.MalformedMessageException;
import io.kumo.core.protocol.MsgPack;
import io.kumo.core.protocol.StatusCommand;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Cancellable;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wipes the cluster: finds the greatest ClockTime of all servers and has a manager declare every
 * record up to it absent. Servers that do not answer fail the flush; so do managers of kumofs
 * 0.4.13, which know no such thing.
 *
 * <p>A delayed flush waits here and is fixed when it is due; any later one cancels it. Confined to
 * its event loop.
 */
public final class Flusher {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);
  private static final long STATUS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long FLUSH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(6);

  private final RingHolder ring;
  private final RpcEndpoint endpoint;
  private final List<NodeAddress> managers;
  private @Nullable Cancellable delayed;

  public Flusher(RingHolder ring, RpcEndpoint endpoint, List<NodeAddress> managers) {
    this.ring = ring;
    this.endpoint = endpoint;
    this.managers = List.copyOf(managers);
  }

  /** Takes a flush command and completes it. */
  public void flush(McCommand command) {
    if (delayed != null) {
      delayed.cancel();
      delayed = null;
    }
    long delayMs = command.expiry() * 1000 - endpoint.transport().time().unixMillis();
    if (command.expiry() != 0 && delayMs > 0) {
      delayed =
          endpoint
              .transport()
              .schedule(TimeUnit.MILLISECONDS.toNanos(delayMs), () -> flushNow(this::logFailure));
      command.complete(McStatus.OK);
    } else {
      flushNow(done -> command.complete(done ? McStatus.OK : McStatus.FLUSH_FAILED));
    }
  }

  private void logFailure(boolean done) {
    if (!done) {
      LOG.warn("a delayed flush_all has failed");
    }
  }

  private void flushNow(Consumer<Boolean> outcome) {
    List<Node> servers =
        ring.view().spaces().write().nodes().stream().filter(Node::active).toList();
    if (servers.isEmpty() || !ring.view().extras().isPresent()) {
      outcome.accept(false);
      return;
    }
    Clocks clocks = new Clocks(servers.size(), outcome);
    for (Node server : servers) {
      endpoint
          .peer(server.address())
          .call(new GetStatus(StatusCommand.CLOCK_TIME.id()), STATUS_TIMEOUT_NS, clocks);
    }
  }

  /** The answers of all servers. */
  private final class Clocks implements ReplyHandler {
    private final Consumer<Boolean> outcome;
    private int open;
    private boolean complete = true;
    private long greatest;

    Clocks(int servers, Consumer<Boolean> outcome) {
      this.open = servers;
      this.outcome = outcome;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      greatest = ClockTime.max(greatest, MsgPack.readUnsigned(result));
      answered();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      complete = false;
      answered();
    }

    private void answered() {
      if (--open > 0) {
        return;
      }
      if (complete) {
        declare(greatest, outcome);
      } else {
        outcome.accept(false);
      }
    }
  }

  private void declare(long clockTime, Consumer<Boolean> outcome) {
    Peer manager =
        managers.stream().map(endpoint::peer).filter(Peer::connected).findFirst().orElse(null);
    if (manager == null) {
      outcome.accept(false);
      return;
    }
    manager.call(
        new FlushAll(clockTime),
        FLUSH_TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            outcome.accept(true);
          }

          @Override
          public void error(ErrorCode code, String detail) {
            LOG.warn("flush_all: {} {}", code, detail);
            outcome.accept(false);
          }
        });
  }
}
