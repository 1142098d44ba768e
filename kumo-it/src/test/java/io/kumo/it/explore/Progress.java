package io.kumo.it.explore;

import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.Proposer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a cluster gets on when nothing more goes wrong. */
final class Progress {
  private final Model model;

  Progress(Model model) {
    this.model = model;
  }

  /**
   * Whether a director whose term is the greatest gets its view committed when every message
   * arrives and no time passes. True where there is no such director, or where voters may be gone
   * for good.
   */
  boolean settles(int[] state) {
    int newest = model.bounds.restores() == 0 ? newestDirector(state) : -1;
    int[] now = state.clone();
    boolean moves = newest >= 0;
    while (moves && publication(now, newest) != null) {
      int[] before = now;
      int[][] next = {now};
      for (int node = 0; node < model.nodes; node++) {
        for (int view : model.network(before).published()) {
          model.show(next[0], node, view, (after, label, wrong) -> next[0] = after);
        }
        for (int server = 0; server < Views.SERVERS && model.bounds.ticks() >= 0; server++) {
          model.askLease(next[0], server, node, (after, label, wrong) -> next[0] = after);
        }
      }
      now = next[0];
      moves = !Arrays.equals(before, now);
    }
    return moves || newest < 0;
  }

  private @Nullable Object publication(int[] state, int m) {
    return ((Manager) model.process(state, m)).proposer().publication();
  }

  private int newestDirector(int[] state) {
    long highest = 0;
    for (int node = 0; node < model.nodes; node++) {
      Acceptor acceptor = model.process(state, node).acceptor();
      highest = Math.max(highest, acceptor.vote().term());
      if (acceptor.quietUntilNs() > 0) {
        return -1;
      }
    }
    for (int m = Views.SERVERS; m < model.nodes; m++) {
      Proposer proposer = ((Manager) model.process(state, m)).proposer();
      if (proposer.phase() == Proposer.Phase.DIRECTING && proposer.term() >= highest) {
        return m;
      }
    }
    return -1;
  }
}
