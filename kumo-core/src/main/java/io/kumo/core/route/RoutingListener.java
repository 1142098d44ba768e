package io.kumo.core.route;

import io.kumo.core.route.request.KeyCommand;

/** Hears of what goes wrong on the way to servers; on the router's event loop. */
@FunctionalInterface
public interface RoutingListener {
  /** An attempt ended in an error of a server or a connection. */
  void serverError();

  /**
   * Nothing is left to try for one key of a command.
   *
   * @param command borrowed, not answered yet
   * @param errorId of the last error of a server, as on the wire; 0 if there was none
   */
  default void failed(KeyCommand command, int index, int errorId) {}
}
