package io.kumo.gateway.client;

import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.channel.Channel;

/**
 * Whether bytes are read from a client: as they come, a share at its turn while a large value
 * arrives, not while it has to wait, and not after it has shut down its side. Confined to its event
 * loop.
 */
final class ReadGate {
  private enum GateState {
    /** Bytes are read as they come. */
    OPEN,
    /** In the line of {@link UploadTurns}. */
    IN_LINE,
    /** One share is read when it comes. */
    ONE_SHARE,
    CLOSED
  }

  private final Channel channel;
  private final GatewayMetrics metrics;
  private final UploadTurns uploads;
  private GateState state = GateState.OPEN;
  private boolean listed;
  private boolean slow;
  private boolean ended;

  ReadGate(Channel channel, GatewayMetrics metrics, UploadTurns uploads) {
    this.channel = channel;
    this.metrics = metrics;
    this.uploads = uploads;
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

  /** Bytes have been read. */
  void hasRead() {
    if (state == GateState.ONE_SHARE) {
      state = GateState.CLOSED;
    }
  }

  /**
   * Reads on, unless the client must wait: for itself to drain its replies, or for room.
   *
   * @param isUpload whether a large value is arriving
   */
  void readUnless(boolean waits, boolean isUpload) {
    boolean nowSlow = waits && !channel.isWritable();
    metrics.add(GatewayMetric.SLOW_READER_PAUSES, nowSlow && !slow ? 1 : 0);
    metrics.add(GatewayMetric.LIMIT_PAUSES, waits && !nowSlow && state != GateState.CLOSED ? 1 : 0);
    slow = nowSlow;
    if (waits) {
      close();
    } else {
      reopen(isUpload);
    }
  }

  /**
   * Reads on.
   *
   * @param isUpload whether a large value is arriving
   */
  void reopen(boolean isUpload) {
    if (ended) {
      close();
    } else if (!isUpload) {
      open();
    } else if (state != GateState.IN_LINE && state != GateState.ONE_SHARE) {
      close();
      awaitTurn();
    }
  }

  private void open() {
    if (state != GateState.OPEN) {
      state = GateState.OPEN;
      channel.config().setAutoRead(true);
    }
  }

  private void close() {
    if (state == GateState.OPEN) {
      channel.config().setAutoRead(false);
    }
    state = GateState.CLOSED;
  }

  private void awaitTurn() {
    state = GateState.IN_LINE;
    metrics.add(GatewayMetric.UPLOAD_WAITS, 1);
    if (!listed) {
      listed = true;
      uploads.join(this);
    }
  }

  /** It is the first in the line, and no longer in it; false when it does not want its share. */
  boolean takeTurn() {
    listed = false;
    if (state != GateState.IN_LINE) {
      return false;
    }
    state = GateState.ONE_SHARE;
    channel.read();
    return true;
  }
}
