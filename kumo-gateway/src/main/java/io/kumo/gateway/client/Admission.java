package io.kumo.gateway.client;

import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.metrics.GatewayMetric;

/**
 * Where one connection is listed: among those of the gateway, of its loop, and of clients that have
 * not said yet who they are. Confined to its event loop.
 */
final class Admission {
  private final ClientLoop clientLoop;
  private final ClientConnection connection;
  private final ClientLink link;
  private final Login login;
  private final boolean secured;
  private long id;

  /**
   * @param secured whether a handshake comes first; see {@link ClientEvent#SECURED}
   */
  Admission(
      ClientLoop clientLoop,
      ClientConnection connection,
      ClientLink link,
      Login login,
      boolean secured) {
    this.clientLoop = clientLoop;
    this.connection = connection;
    this.link = link;
    this.login = login;
    this.secured = secured;
  }

  /** Lists it; false when it is one too many. */
  boolean enter(long nowNs) {
    clientLoop.metrics().add(GatewayMetric.TOTAL_CONNECTIONS, 1);
    id = clientLoop.table().admit(connection);
    if (id == 0) {
      clientLoop.metrics().add(GatewayMetric.REJECTED_CONNECTIONS, 1);
      return false;
    }
    clientLoop.connections().add(connection);
    clientLoop.metrics().add(GatewayMetric.CURR_CONNECTIONS, 1);
    if (login.isRequired() || secured) {
      login.from(link.remoteHost());
      clientLoop.strangers().add(connection, nowNs);
    }
    return true;
  }

  /** Finds out whether the client is who it says; completes the command. */
  void verify(McCommand command) {
    login.verify(
        known -> {
          if (known) {
            clientLoop.strangers().remove(connection);
          }
          command.complete(known ? McStatus.AUTHENTICATED : McStatus.AUTHENTICATION_FAILED);
        });
  }

  /** The handshake is done, which is enough for a client that need not say who it is. */
  void secured() {
    if (!login.isRequired()) {
      clientLoop.strangers().remove(connection);
    }
  }

  /** The connection is gone. */
  void leave() {
    clientLoop.strangers().remove(connection);
    if (clientLoop.connections().remove(connection)) {
      clientLoop.table().remove(id);
      clientLoop.metrics().add(GatewayMetric.CURR_CONNECTIONS, -1);
    }
  }

  /** Greater than those of connections listed before; 0 for one that was too many. */
  long id() {
    return id;
  }
}
