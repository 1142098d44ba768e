package io.kumo.core.transport;

/** A timer that has been set. */
@FunctionalInterface
public interface Cancellable {
  /** Prevents the task from running if it has not yet. Called on the loop that set the timer. */
  void cancel();
}
