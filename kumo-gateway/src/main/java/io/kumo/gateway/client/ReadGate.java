package io.kumo.gateway.client;

import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.channel.Channel;

/**
 * Whether bytes are read from a client: not while it has to wait, and not after it has shut down
 * its side. Confined to its event loop.
 */
final class ReadGate {
  private final Channel channel;
  private final GatewayMetrics metrics;
  private boolean open = true;
  private boolean slow;
  private boolean ended;

  ReadGate(Channel channel, GatewayMetrics metrics) {
    this.channel = channel;
    this.metrics = metrics;
  }

  /** The client has shut down its side; false if that was known. */
  boolean end() {
    boolean news = !ended;
    ended = true;
    return news;
  }

  /** Whether the client has shut down its side. */
  boolean hasEnded() {
    return ended;
  }

  /** Reads on, unless the client must wait: for itself to drain its replies, or for room. */
  void readUnless(boolean waits) {
    boolean nowSlow = waits && !channel.isWritable();
    metrics.add(GatewayMetric.SLOW_READER_PAUSES, nowSlow && !slow ? 1 : 0);
    metrics.add(GatewayMetric.LIMIT_PAUSES, waits && !nowSlow && open ? 1 : 0);
    slow = nowSlow;
    set(!waits && !ended);
  }

  /** Reads on. */
  void reopen() {
    if (!ended) {
      set(true);
    }
  }

  private void set(boolean wanted) {
    if (open != wanted) {
      open = wanted;
      channel.config().setAutoRead(wanted);
    }
  }
}
