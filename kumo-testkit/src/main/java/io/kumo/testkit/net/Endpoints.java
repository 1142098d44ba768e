package io.kumo.testkit.net;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Role;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import java.util.Random;

/** Endpoints of processes that are of a test's making; they do not listen yet. */
public final class Endpoints {
  private static final long INCARNATION = 7;

  private Endpoints() {}

  /** Of a kumo process of this role, whose address is its host's name. */
  public static RpcEndpoint of(MemoryHost host, Role role) {
    return of(host, role, Capabilities.EXTENDED);
  }

  /** Of one with other capabilities; with none it is of kumofs 0.4.13. */
  public static RpcEndpoint of(MemoryHost host, Role role, int capabilities) {
    Identity identity = new Identity(host.name(), role, capabilities, INCARNATION);
    return new RpcEndpoint(host, identity, RpcOptions.DEFAULT, new Random(1));
  }
}
