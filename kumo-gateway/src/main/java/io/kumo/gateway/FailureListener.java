package io.kumo.gateway;

import io.kumo.core.route.request.KeyCommand;

/** Hears of keys for which nothing was left to try; from any event loop of the gateway. */
@FunctionalInterface
interface FailureListener {
  /** Does nothing. */
  FailureListener NONE = (command, index, errorId) -> {};

  /** See {@link io.kumo.core.route.RoutingListener#failed}. */
  void failed(KeyCommand command, int index, int errorId);
}
