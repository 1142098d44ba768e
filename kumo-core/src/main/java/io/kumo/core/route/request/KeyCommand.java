package io.kumo.core.route.request;

/** A request on its way, as whoever carries it out sees it. Confined to one event loop. */
public interface KeyCommand {
  KeyRequest request();

  KeyOutcome outcome();

  /**
   * The outcome stands. Called exactly once; the command may be in use again when it returns.
   *
   * @param status of the whole: that of its key, or an error if that of any key is one
   */
  void complete(KeyStatus status);

  /**
   * Asks before a value of so many bytes is put among the items found. When the answer is no, there
   * is no room for it, or nobody waits for it.
   */
  default boolean mayHold(int bytes) {
    return true;
  }

  /** Whether whoever asked is gone: what is found is thrown away. */
  default boolean isAbandoned() {
    return false;
  }

  /**
   * Takes back a command for one key whose value did not fit into a shared answer, most probably
   * because it is large. Whoever asked has it executed again when a large value is wanted, later
   * than within this call. False when it is not taken back: then it shares an answer once more, and
   * after that is asked for alone.
   */
  default boolean postpone() {
    return false;
  }
}
