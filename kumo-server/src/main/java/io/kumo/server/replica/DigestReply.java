package io.kumo.server.replica;

import io.kumo.core.protocol.repair.DigestList;

/**
 * What another server's records come to. Exactly one of the methods is called, once, on the main
 * loop.
 */
public interface DigestReply {
  void digested(DigestList list);

  /** The server is one of kumofs 0.4.13, or older than digests. */
  void unsupported();

  /** No answer, or an error. */
  void failed(String reason);
}
