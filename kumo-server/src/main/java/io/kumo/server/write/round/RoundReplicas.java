package io.kumo.server.write.round;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.view.ViewHolder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The other replicas that have to answer in one phase of a {@link ReplicationRound}, each once:
 * those of the installed hash spaces and, when asked for, former ones. Main loop only.
 */
final class RoundReplicas {
  private final ReplicationRound round;
  private final ViewHolder spaces;

  /** Those that are in it stay where they are: a walk over them sees who was there at its start. */
  private ReplicaCall[] calls = new ReplicaCall[2];

  private int count;

  RoundReplicas(ReplicationRound round, ViewHolder spaces) {
    this.round = round;
    this.spaces = spaces;
  }

  /** The hash spaces may be others: who left is dropped, who came joins. */
  void update(long hash) {
    HashSpaces current = spaces.current();
    List<NodeAddress> written = current.write().activeReplicas(hash);
    List<NodeAddress> read = current.rebalancing() ? current.owners(hash) : List.of();
    if (count > 0) {
      dropLeft(written, read);
    }
    for (NodeAddress address : written) {
      join(address, ReplicaCall.Claim.WRITE_SPACE);
    }
    for (NodeAddress address : read) {
      join(address, ReplicaCall.Claim.READ_SPACE);
    }
  }

  private void dropLeft(List<NodeAddress> written, List<NodeAddress> read) {
    ReplicaCall[] kept = new ReplicaCall[calls.length];
    int keptCount = 0;
    for (int i = 0; i < count; i++) {
      ReplicaCall call = calls[i];
      if (written.contains(call.replica()) || read.contains(call.replica())) {
        kept[keptCount++] = call;
      } else {
        call.drop();
      }
    }
    calls = kept;
    count = keptCount;
  }

  void joinFormer(Set<NodeAddress> former) {
    former.forEach(address -> join(address, ReplicaCall.Claim.FORMER));
  }

  private void join(NodeAddress address, ReplicaCall.Claim claim) {
    if (address.equals(spaces.self())) {
      return;
    }
    for (int i = 0; i < count; i++) {
      if (calls[i].replica().equals(address)) {
        return;
      }
    }
    if (count == calls.length) {
      calls = Arrays.copyOf(calls, 2 * count);
    }
    calls[count++] = new ReplicaCall(round, address, claim);
  }

  boolean haveAnswered() {
    for (int i = 0; i < count; i++) {
      if (!calls[i].isDone()) {
        return false;
      }
    }
    return true;
  }

  /** Calls those of now; an answer that comes at once may start the round anew, or end it. */
  void callAll() {
    ReplicaCall[] called = calls;
    int end = count;
    for (int i = 0; i < end && !round.isOver(); i++) {
      round.call(called[i]);
    }
  }

  /** They are of interest no longer. */
  void drop() {
    for (int i = 0; i < count; i++) {
      calls[i].drop();
    }
  }

  /** The next phase begins. */
  void clear() {
    if (count > 0) {
      calls = new ReplicaCall[calls.length];
      count = 0;
    }
  }
}
