package io.kumo.gateway.client;

import io.kumo.core.protocol.Limits;
import java.util.ArrayDeque;

/**
 * Has the clients that are in the middle of a large value read from a few in a turn of the loop,
 * one share each, round and round: hundreds of uploads at once make no turn longer than a few do,
 * and whoever asks little is read from as he comes.
 *
 * <p>A client that has sent nothing by its turn keeps its share until it does, and holds nobody up.
 * Confined to its event loop; bounded by the connections, each of which is in line once.
 */
final class UploadTurns {
  private final ClientLoop.TurnBound turns;
  private final ArrayDeque<ReadGate> line = new ArrayDeque<>();
  private final Runnable serve = this::serve;
  private boolean due;

  UploadTurns(ClientLoop.TurnBound turns) {
    this.turns = turns;
  }

  /** Puts a connection at the end of the line; it is not in it yet. */
  void join(ReadGate gate) {
    line.add(gate);
    if (!due) {
      due = true;
      turns.atNextTurn(serve);
    }
  }

  private void serve() {
    due = false;
    int left = Limits.TURN_UPLOADS;
    while (left > 0 && !line.isEmpty()) {
      left -= line.remove().takeTurn() ? 1 : 0;
    }
    if (!due && !line.isEmpty()) {
      due = true;
      turns.atNextTurn(serve);
    }
  }
}
