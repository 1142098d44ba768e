package io.kumo.gateway.memcached;

/** The back end of the protocols. Confined to one event loop. */
public interface CommandExecutor {
  /**
   * Takes a command that {@link McOperation} calls keyed, or a flush or stats command, and calls
   * {@link McCommand#complete} on it exactly once: within this call, or later on the same loop.
   */
  void execute(McCommand command);
}
