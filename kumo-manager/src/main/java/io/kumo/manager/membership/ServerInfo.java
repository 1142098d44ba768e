package io.kumo.manager.membership;

import io.kumo.core.protocol.Capabilities;

/**
 * What a server announced when it connected.
 *
 * @param capabilities bit set of {@link Capabilities}; 0 for a kumofs 0.4.13 server
 * @param incarnation random, per process start; 0 when unknown
 * @param zone where it is, as its {@code --zone} says; empty for nowhere
 */
public record ServerInfo(int capabilities, long incarnation, String zone) {
  /** A kumofs 0.4.13 server, or one of which only the address is known. */
  public static final ServerInfo UNKNOWN = new ServerInfo(0, 0);

  /** Without a zone. */
  public ServerInfo(int capabilities, long incarnation) {
    this(capabilities, incarnation, "");
  }

  public boolean extended() {
    return Capabilities.isExtended(capabilities);
  }

  /** Whether both incarnations are known and differ: the process has been started anew. */
  public boolean isOtherProcessThan(ServerInfo other) {
    return incarnation != 0 && other.incarnation != 0 && incarnation != other.incarnation;
  }
}
