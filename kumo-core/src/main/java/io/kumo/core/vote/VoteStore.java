package io.kumo.core.vote;

import java.io.IOException;

/** Where a voter keeps its {@link VoteState}. Confined to one thread that may block. */
public interface VoteStore {
  /** What was kept, as this process takes it up; it has been saved so already. */
  VoteState state();

  /**
   * Keeps a state; it is durable on return.
   *
   * @throws IOException if it is not; then nothing that depends on it may be answered
   */
  void save(VoteState state) throws IOException;
}
