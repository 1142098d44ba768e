package io.kumo.core.voter;

import io.kumo.core.view.ClusterView;

/** Goes by views that are committed. */
public interface Installer {
  /**
   * A view is committed, and newer than all before it. Called on the loop, in the order of views,
   * when this node's own vote that it led to is durable.
   *
   * @param skips whether views between this one and the one before were never seen: what this node
   *     has is unverified then
   */
  void install(ClusterView view, boolean skips);

  /** Runs the task when all that was given to be installed is, durably; at once if it is. */
  default void whenInstalled(Runnable task) {
    task.run();
  }
}
