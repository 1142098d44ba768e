package io.kumo.gateway.route;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.desk.ItemPage;
import io.kumo.core.protocol.desk.ScanItems;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.text.TextReplies;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients all keys, a page of a server at a time: the next one is asked for when the client
 * has taken the one before, and not before a pause, so that others are served meanwhile. Confined
 * to its event loop.
 *
 * <p>Bounded: a few clients at a time, a page for each; one that takes nothing for {@link
 * Limits#STALLED_NS} is told no more.
 */
public final class KeyLister {
  private static final int MAX_LISTINGS = 4;
  private static final int MAX_FAILURES = 20;
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

  /** Between two pages of a thousand records: it looks at a hundred thousand a second at most. */
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private final RingHolder ring;
  private final RpcEndpoint endpoint;
  private final byte[] keyPrefix;
  private final GatewayMetrics metrics;
  private int listings;

  /**
   * @param keyPrefix of the gateway: other keys are not its clients', and it is not told
   */
  public KeyLister(
      RingHolder ring, RpcEndpoint endpoint, byte[] keyPrefix, GatewayMetrics metrics) {
    this.ring = ring;
    this.endpoint = endpoint;
    this.keyPrefix = keyPrefix.clone();
    this.metrics = metrics;
  }

  /** Takes a command that asks for all keys, and completes it. */
  public void list(McCommand command) {
    PublishedSpaces view = ring.view();
    Deque<NodeAddress> servers = new ArrayDeque<>();
    for (Node node : view.spaces().write().nodes()) {
      if (node.active()) {
        servers.add(node.address());
      }
    }
    boolean known = servers.stream().allMatch(server -> isExtended(view, server));
    if (servers.isEmpty() || !known) {
      command.complete(McStatus.LISTING_FAILED);
    } else if (listings >= MAX_LISTINGS) {
      command.complete(McStatus.CRAWLER_BUSY);
    } else {
      listings++;
      new Listing(command, servers, view.spaces().write()).next();
    }
  }

  private static boolean isExtended(PublishedSpaces view, NodeAddress server) {
    return Capabilities.isExtended(
        view.extras().find(server).map(NodeExtras::capabilities).orElse(0));
  }

  /** One command under way. */
  private final class Listing implements ReplyHandler {
    private final McCommand command;
    private final KeyLine line;
    private final Deque<NodeAddress> servers;
    private final HashSpace space;
    private int failures;
    private @Nullable ByteBuf after;
    private @Nullable Cancellable stall;
    private boolean ended;

    Listing(McCommand command, Deque<NodeAddress> servers, HashSpace space) {
      this.command = command;
      this.servers = servers;
      this.space = space;
      this.line = new KeyLine(command.form().mark() == TextReplies.AS_META, keyPrefix.length);
    }

    void next() {
      NodeAddress server = servers.peek();
      if (ended) {
        return;
      }
      if (command.isAbandoned()) {
        end(McStatus.LISTING_FAILED);
      } else if (server == null) {
        end(McStatus.FETCHED);
      } else {
        ByteBuf from = after == null ? null : after.duplicate();
        ScanItems question = new ScanItems(from, Unpooled.wrappedBuffer(keyPrefix));
        endpoint.peer(server).call(question, TIMEOUT_NS, this);
      }
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      ItemPage page = ItemPage.read(result);
      HashSpace now = ring.view().spaces().write();
      if (!now.sameNodes(space)) {
        end(McStatus.LISTING_FAILED);
        return;
      }
      if (page.whsClockTime() != now.clockTime()) {
        again();
        return;
      }
      failures = 0;
      after = page.last();
      if (after == null) {
        servers.remove();
      }
      ByteBuf text = Unpooled.buffer();
      for (ItemPage.Entry item : page.items()) {
        write(item, text);
      }
      send(text);
    }

    private void write(ItemPage.Entry item, ByteBuf text) {
      byte[] key = line.clientKey(item);
      if (command.mayKnow(key)) {
        metrics.add(GatewayMetric.LISTED_KEYS, 1);
        line.write(item, key, text);
      }
    }

    private void send(ByteBuf text) {
      if (!text.isReadable()) {
        text.release();
        taken();
        return;
      }
      stall = endpoint.transport().schedule(Limits.STALLED_NS, () -> end(McStatus.LISTING_FAILED));
      command.send(text, this::taken);
    }

    private void taken() {
      stopWaiting();
      if (!ended) {
        endpoint.transport().schedule(PAUSE_NS, this::next);
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      again();
    }

    /** A server is not connected yet, or goes by hash spaces that this gateway is about to hear. */
    private void again() {
      if (++failures > MAX_FAILURES) {
        end(McStatus.LISTING_FAILED);
      } else {
        endpoint.transport().schedule(RETRY_NS, this::next);
      }
    }

    private void stopWaiting() {
      if (stall != null) {
        stall.cancel();
        stall = null;
      }
    }

    private void end(McStatus status) {
      stopWaiting();
      if (!ended) {
        ended = true;
        listings--;
        command.complete(status);
      }
    }
  }
}
