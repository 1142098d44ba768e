package io.kumo.manager.membership;

import java.util.function.Consumer;

/** How everybody hears of the present hash spaces. Calls return at once. */
public interface HashSpaceBroadcast {
  /**
   * Makes the present hash spaces known: first to the partner, and once it has answered or taken
   * too long to servers, then to gateways.
   *
   * @param toldServers run when the servers have been sent them
   * @param failed run instead, with the reason, when another manager decides before
   */
  void publish(Runnable toldServers, Consumer<String> failed);

  /** The same, where whatever waits is over when another manager decides. */
  default void publish(Runnable toldServers) {
    publish(toldServers, reason -> {});
  }

  /** The same, when nothing waits for it. */
  default void publish() {
    publish(() -> {});
  }

  /** Sends the present hash spaces to the partner alone. */
  void syncPartner();
}
