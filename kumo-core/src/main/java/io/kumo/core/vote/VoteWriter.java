package io.kumo.core.vote;

/**
 * Where a node keeps its {@link VoteState} without waiting for it: the disk is asked in the
 * background. Confined to the node's loop.
 */
public interface VoteWriter {
  /** What was kept, as this process takes it up; it has been saved so already. */
  VoteState state();

  /**
   * Keeps a state, which stands for all that were given before it.
   *
   * @param durable run on the loop, never within this call, when this state or a later one is
   *     durable; in the order of the calls. While the disk fails nothing is run, and the newest
   *     state is tried again.
   */
  void save(VoteState state, Runnable durable);
}
