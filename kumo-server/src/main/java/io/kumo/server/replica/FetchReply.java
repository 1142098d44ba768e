package io.kumo.server.replica;

import io.kumo.core.protocol.extended.FetchResult;

/** What a replica says of a key. Exactly one of the methods is called, once, on the main loop. */
public interface FetchReply {
  /** Borrows the buffers of the result for the length of the call. */
  void fetched(FetchResult result);

  /** The replica is one of kumofs 0.4.13, which cannot be asked. */
  void unsupported();

  /** No answer, or an error. */
  void failed(String reason);
}
