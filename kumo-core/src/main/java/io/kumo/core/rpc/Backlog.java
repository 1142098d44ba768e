package io.kumo.core.rpc;

import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Requests of one session that wait, encoded, for a connection. Confined to the loop. */
final class Backlog {
  private final Transport transport;
  private final Flow flow;
  private @Nullable ByteBuf bytes;

  /**
   * @param flow counts what waits
   */
  Backlog(Transport transport, Flow flow) {
    this.transport = transport;
    this.flow = flow;
  }

  /** Where a request is to be encoded; {@link #added} is to be called then. Lends the buffer. */
  ByteBuf out() {
    if (bytes == null) {
      bytes = transport.buffer();
    }
    return bytes;
  }

  /** So many bytes were encoded. */
  void added(int length) {
    flow.unsent(length);
  }

  /** Sends all of it; false when there is none. */
  boolean sendOn(RpcConnection connection) {
    if (bytes == null) {
      return false;
    }
    connection.out().writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    drop();
    return true;
  }

  void drop() {
    if (bytes != null) {
      flow.unsent(-bytes.readableBytes());
      bytes.release();
      bytes = null;
    }
  }
}
