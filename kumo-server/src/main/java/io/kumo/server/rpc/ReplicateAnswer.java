package io.kumo.server.rpc;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.write.ExtReplicateResult;
import io.kumo.core.rpc.Replier;
import io.kumo.server.write.round.ReplicaAnswer;
import io.kumo.server.write.round.ReplicaHandler;

/** Sends what {@link ReplicaHandler} says back to an extended coordinator. */
public record ReplicateAnswer(long clockTime, Replier replier) implements ReplicaAnswer {
  @Override
  public void stored() {
    ExtReplicateResult.writeStored(replier.begin(), clockTime);
  }

  @Override
  public void haveNewer(long newer) {
    ExtReplicateResult.haveNewer(newer).write(replier.begin());
  }

  @Override
  public void refused(PublishedSpaces theirs) {
    ExtReplicateResult.refused(theirs).write(replier.begin());
  }

  @Override
  public void failed(String reason) {
    replier.error(ErrorCode.SERVER);
  }

  @Override
  public void full(String reason) {
    replier.errorText(reason);
  }
}
