package io.kumo.core.transport;

import io.netty.buffer.ByteBuf;

/**
 * A byte stream to one remote process.
 *
 * <p>Confined to the loop of the {@link Transport} that made it.
 */
public interface Link {
  /**
   * The outbound buffer. Lends: the caller appends whole frames at once and does not keep the
   * buffer. What was appended leaves in one write at the end of the current batch of events. Once
   * closed, what is appended is dropped.
   */
  ByteBuf out();

  /** Bytes appended but not yet taken by the network. */
  long pendingBytes();

  /** Bytes that the network has taken since the link was opened, give or take a few. */
  long takenBytes();

  /** Whether received bytes are read on; {@code false} makes the remote side wait. */
  void setReading(boolean reading);

  /** Switches TCP_NODELAY; a link without sockets ignores it. */
  void setNoDelay(boolean noDelay);

  /**
   * Has the listener receive once more what it has left, within this call; nothing if it left none.
   */
  void redeliver();

  /** Closes at once: what the network has not taken is dropped. Idempotent. */
  void abort();

  /** Closes after what was appended so far has been offered to the network. Idempotent. */
  void close();

  boolean isOpen();

  /** The remote side for log lines. */
  String remote();

  /** The remote side without its port; an IPv6 address without its brackets. */
  default String remoteHost() {
    String remote = remote();
    int colon = remote.lastIndexOf(':');
    String host = colon < 0 ? remote : remote.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** What the remote side has proved of itself. */
  default LinkProof proof() {
    return LinkProof.OPEN;
  }
}
