package io.kumo.core.protocol;

import io.kumo.core.protocol.original.ClusterInit;

/** Whether the connecting side introduced itself; decided by the first message, for good. */
public enum ConnectionKind {
  /** Between managers and servers: both ends exchanged a {@link ClusterInit}. */
  CLUSTER,
  /** From a gateway or a tool. */
  SUBSYSTEM
}
