package io.kumo.core.protocol;

import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.MalformedMessageException;

/**
 * What a node says it is in its {@link ClusterInit}. Gateways and tools never introduce themselves.
 */
public enum Role {
  MANAGER(0),
  SERVER(1);

  private final int id;

  Role(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  public static Role byId(long id) throws MalformedMessageException {
    if (id == MANAGER.id) {
      return MANAGER;
    }
    if (id == SERVER.id) {
      return SERVER;
    }
    throw new MalformedMessageException("unknown role " + Long.toUnsignedString(id));
  }
}
