package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes requests out of one connection's bytes; picks up where the bytes ended. */
public interface RequestDecoder {
  /**
   * The next request, or null when more bytes are needed. Borrows {@code in} and consumes what it
   * understood. A request that is refused is a command whose status is set already.
   */
  @Nullable McCommand decode(ByteBuf in);

  /** Whether it has taken a request's bytes, and goes on with it without any more of them. */
  default boolean holdsRequest() {
    return false;
  }

  /** Whether no more bytes are wanted: the connection closes when the replies due are sent. */
  boolean isFinished();

  /** Bytes of memory that an unfinished request takes. */
  int heldBytes();

  /** Lends what is still to come behind the head of a request. */
  PendingValue pendingValue();

  /** Whether a line of text is understood as an error wherever a reply may stand. */
  boolean speaksLines();

  /** Releases a request that was begun; the connection is gone. */
  void close();
}
