package io.kumo.server.store;

import io.netty.buffer.ByteBuf;

/** Receives the writes that carried a request id. */
@FunctionalInterface
public interface RequestVisitor {
  /** Borrows the key for the length of the call. */
  void visit(ByteBuf rawKey, long clockTime, long gatewayIncarnation, long sequence);
}
