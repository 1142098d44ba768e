package io.kumo.core.rpc;

import io.kumo.core.ring.NodeAddress;
import org.jspecify.annotations.Nullable;

/**
 * A node as it was named by a user.
 *
 * @param host a name, or an IPv4 address
 * @param address what the name meant when it was last looked up; null if it meant nothing
 */
public record NamedNode(String host, int port, @Nullable NodeAddress address) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
