package io.kumo.manager.membership;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.ring.NodeAddress;

/** Addresses and announcements of made-up nodes. */
public final class Addresses {
  private Addresses() {}

  public static NodeAddress node(int port) {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, port);
  }

  /** What an extended server announces whose process is the one of this number. */
  public static ServerInfo process(long incarnation) {
    return new ServerInfo(Capabilities.EXTENDED, incarnation);
  }
}
