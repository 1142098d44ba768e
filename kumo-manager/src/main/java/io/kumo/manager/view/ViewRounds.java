package io.kumo.manager.view;

import io.kumo.core.rpc.Peer;
import java.util.function.Consumer;

/** Where changes are made known by votes. Calls return at once. */
public interface ViewRounds {
  /** What became of a change. One of these is called, once. */
  interface Outcome {
    /** The view that has it is committed, and who votes is being told. */
    void committed();

    /** It is dropped, and so is all that this manager had decided. */
    void failed(String reason);

    /** It was not voted on, as no cluster could be founded: it is made known without votes. */
    void unvoted();
  }

  /** Where there are no votes. */
  ViewRounds NONE =
      new ViewRounds() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public boolean areDue() {
          return false;
        }

        @Override
        public void begin(Outcome outcome) {
          outcome.unvoted();
        }

        @Override
        public void confirm(Peer node, Consumer<Boolean> taken) {
          taken.accept(false);
        }
      };

  /** Whether views count by votes. */
  boolean isOn();

  /** Whether the next change is to be voted on. */
  boolean areDue();

  /** Has what this manager has decided voted on; the one before must have ended. */
  void begin(Outcome outcome);

  /** Whether a node has installed what is committed now; one that does not answer has not. */
  void confirm(Peer node, Consumer<Boolean> taken);
}
