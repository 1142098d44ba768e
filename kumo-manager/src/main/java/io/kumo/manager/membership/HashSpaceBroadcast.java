package io.kumo.manager.membership;

/** How everybody hears of the present hash spaces. Calls return at once. */
public interface HashSpaceBroadcast {
  /**
   * Makes the present hash spaces known: first to the partner, and once it has answered or taken
   * too long to servers, then to gateways.
   *
   * @param toldServers run when the servers have been sent them
   */
  void publish(Runnable toldServers);

  /** The same, when nothing waits for it. */
  default void publish() {
    publish(() -> {});
  }

  /** Sends the present hash spaces to the partner alone. */
  void syncPartner();
}
