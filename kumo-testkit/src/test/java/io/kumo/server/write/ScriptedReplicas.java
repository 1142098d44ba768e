package io.kumo.server.write;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.replica.DigestReply;
import io.kumo.server.replica.FetchReply;
import io.kumo.server.replica.ListReply;
import io.kumo.server.replica.ReplicaCaller;
import io.kumo.server.replica.ReplicaReply;
import java.util.ArrayList;
import java.util.List;

/** Replicas that answer when and what the test says. */
public class ScriptedReplicas implements ReplicaCaller {
  /** One call that waits for its answer. */
  public record Call(NodeAddress replica, ExtReplicate message, ReplicaReply reply) {}

  /** One question that waits for its answer. */
  public record FetchCall(NodeAddress replica, Fetch message, FetchReply reply) {}

  /** Hash spaces handed to a node. */
  public record Shared(NodeAddress node, PublishedSpaces view) {}

  public final List<Call> calls = new ArrayList<>();
  public final List<FetchCall> fetches = new ArrayList<>();
  public final List<Shared> shared = new ArrayList<>();

  @Override
  public void replicate(
      NodeAddress replica, ExtReplicate message, long timeoutNs, ReplicaReply reply) {
    calls.add(new Call(replica, message, reply));
  }

  @Override
  public void fetch(NodeAddress replica, Fetch message, long timeoutNs, FetchReply reply) {
    fetches.add(new FetchCall(replica, message, reply));
  }

  @Override
  public void digest(NodeAddress server, DigestRanges message, long timeoutNs, DigestReply reply) {
    reply.unsupported();
  }

  @Override
  public void list(NodeAddress replica, ListRecords message, long timeoutNs, ListReply reply) {
    reply.unsupported();
  }

  @Override
  public void share(NodeAddress node, PublishedSpaces view) {
    shared.add(new Shared(node, view));
  }

  /** Takes the oldest waiting call to {@code replica} off the list. */
  public Call take(NodeAddress replica) {
    Call found =
        calls.stream()
            .filter(call -> call.replica().equals(replica))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no call to " + replica + " in " + calls));
    calls.remove(found);
    return found;
  }

  /** Takes the oldest waiting question to {@code replica} off the list. */
  public FetchCall takeFetch(NodeAddress replica) {
    FetchCall found =
        fetches.stream()
            .filter(call -> call.replica().equals(replica))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no question to " + replica));
    fetches.remove(found);
    return found;
  }

  /** Answers "stored" to all that wait, until none do. */
  public void storeAll() {
    while (!calls.isEmpty()) {
      calls.remove(0).reply().stored();
    }
  }
}
