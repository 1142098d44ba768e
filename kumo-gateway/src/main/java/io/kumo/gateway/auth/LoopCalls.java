package io.kumo.gateway.auth;

/** How something gets onto an event loop. */
public interface LoopCalls {
  /** Runs the task on the loop; from any thread. */
  void execute(Runnable task);

  /** Runs the task on the loop after a while. On the loop. */
  void after(long delayNs, Runnable task);
}
