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

  /** Whether no more bytes are wanted: the connection closes when the replies due are sent. */
  boolean isFinished();

  /** Bytes of memory that the value of an unfinished request takes. */
  int heldBytes();

  /** Bytes that are still to come of the value of an unfinished request, or of one refused. */
  long missingBytes();

  /** Bytes that it will take more when the rest of it arrives, the next time that it grows. */
  int growthBytes();

  /**
   * Gives up the value that is arriving, for want of memory: what is still to come of it is
   * skipped.
   *
   * @return the request, answered; null when no value is arriving
   */
  @Nullable McCommand giveUp();

  /** Whether a line of text is understood as an error wherever a reply may stand. */
  boolean speaksLines();

  /** Releases a request that was begun; the connection is gone. */
  void close();
}
