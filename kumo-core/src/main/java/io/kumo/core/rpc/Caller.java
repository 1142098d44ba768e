package io.kumo.core.rpc;

import io.kumo.core.protocol.ConnectionKind;
import org.jspecify.annotations.Nullable;

/** Who sent a request. Confined to the loop. */
public interface Caller {
  ConnectionKind kind();

  /**
   * The node at the other end; null on subsystem connections, whose owners do not introduce
   * themselves.
   */
  @Nullable Peer node();

  /**
   * A way to send requests back over the same connection, whoever is at its other end. For a node
   * this is its session.
   */
  Peer back();

  /** For log lines. */
  String remote();
}
