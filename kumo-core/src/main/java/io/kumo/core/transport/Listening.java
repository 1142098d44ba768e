package io.kumo.core.transport;

import io.kumo.core.ring.NodeAddress;

/** An open listening address. */
public interface Listening extends AutoCloseable {
  /** The bound address; its port is the real one when port 0 was asked for. */
  NodeAddress address();

  /** Stops accepting. Links that were accepted live on. */
  @Override
  void close();
}
