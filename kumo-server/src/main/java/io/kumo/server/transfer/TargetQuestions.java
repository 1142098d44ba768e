package io.kumo.server.transfer;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks, on the main loop, what the stream loop wants to know of other servers. Any thread. */
public final class TargetQuestions {
  private static final Logger log = LoggerFactory.getLogger(TargetQuestions.class);
  private static final long TIMEOUT_NS = Duration.ofSeconds(3).toNanos();
  private static final byte[] NO_ANSWER = {};

  private final RpcEndpoint endpoint;
  private final Transport streamLoop;

  public TargetQuestions(RpcEndpoint endpoint, Transport streamLoop) {
    this.endpoint = endpoint;
    this.streamLoop = streamLoop;
  }

  /**
   * Which of these the target has.
   *
   * @param answered called once on the stream loop, with nothing when there is no answer
   */
  public void ask(
      NodeAddress target, List<ConfirmRecords.RecordVersion> records, Consumer<byte[]> answered) {
    ConfirmRecords question = new ConfirmRecords(records);
    endpoint.transport().execute(() -> ask(endpoint.peer(target), question, answered));
  }

  private void ask(Peer target, ConfirmRecords question, Consumer<byte[]> answered) {
    if (target.role() != null && !Capabilities.isExtended(target.capabilities())) {
      streamLoop.execute(() -> answered.accept(NO_ANSWER));
      return;
    }
    target.call(
        question,
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            byte[] has = read(result);
            streamLoop.execute(() -> answered.accept(has));
          }

          @Override
          public void error(ErrorCode code, String detail) {
            log.info("{} does not say which records it has: {}", target, detail);
            streamLoop.execute(() -> answered.accept(NO_ANSWER));
          }
        });
  }

  private static byte[] read(ByteBuf result) {
    try {
      return MsgPack.readBytes(result, ConfirmRecords.MAX_ENTRIES);
    } catch (MalformedMessageException e) {
      log.warn("an answer that cannot be read: {}", e.getMessage());
      return NO_ANSWER;
    }
  }
}
