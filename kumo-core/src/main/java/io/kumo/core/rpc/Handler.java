package io.kumo.core.rpc;

import io.kumo.core.protocol.Message;

/** Acts on one kind of request. */
@FunctionalInterface
public interface Handler<M extends Message> {
  /**
   * Called on the loop.
   *
   * @param message its byte strings are borrowed from the connection's input: what outlives this
   *     call is retained or copied
   * @param replier answered exactly once, now or later
   * @throws RpcException to answer with that error. Any other exception is a bug: it is logged and
   *     counted, the caller gets error 4 and its connection is closed.
   */
  void handle(M message, Caller caller, Replier replier) throws RpcException;
}
