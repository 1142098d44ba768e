package io.kumo.server.replica;

import io.kumo.core.protocol.extended.RecordList;

/** Which records a replica has. Exactly one of the methods is called, once, on the main loop. */
public interface ListReply {
  /** Borrows the buffers of the list for the length of the call. */
  void listed(RecordList list);

  /** The replica is one of kumofs 0.4.13, which cannot be asked. */
  void unsupported();

  /** No answer, or an error. */
  void failed(String reason);
}
