package io.kumo.server.rpc;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.ExtReplicateResult;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.replica.DigestReply;
import io.kumo.server.replica.FetchReply;
import io.kumo.server.replica.ListReply;
import io.kumo.server.replica.ReplicaCaller;
import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.write.round.WriteRules;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Calls replicas over RPC, in the words that each understands: fenced and with a request id to an
 * extended peer, as kumofs 0.4.13 does to an original. Main loop only.
 */
public final class RpcReplicaCaller implements ReplicaCaller {
  private static final long SHARE_TIMEOUT_NS = Duration.ofSeconds(2).toNanos();

  private final RpcEndpoint endpoint;
  private final HybridClock clock;
  private final WriteRules rules;

  public RpcReplicaCaller(RpcEndpoint endpoint, HybridClock clock, WriteRules rules) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.rules = rules;
  }

  @Override
  public void replicate(
      NodeAddress replica, ExtReplicate message, long timeoutNs, ReplicaReply reply) {
    Peer peer = endpoint.peer(replica);
    if (peer.role() != null) {
      send(peer, message, timeoutNs, reply);
    } else {
      introduced(peer, timeoutNs, reply::failed, () -> send(peer, message, timeoutNs, reply));
    }
  }

  /** What a peer understands is known only after its introduction: waits for it. */
  private void introduced(Peer peer, long timeoutNs, Consumer<String> failed, Runnable then) {
    if (peer.role() != null) {
      then.run();
      return;
    }
    peer.call(
        new KeepAlive(Integer.toUnsignedLong(clock.counter()), 0),
        timeoutNs,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            then.run();
          }

          @Override
          public void error(ErrorCode code, String detail) {
            failed.accept(detail);
          }
        });
  }

  private void send(Peer peer, ExtReplicate message, long timeoutNs, ReplicaReply reply) {
    if (Capabilities.isExtended(peer.capabilities())) {
      peer.call(message, timeoutNs, new ExtendedReply(reply, rules));
    } else {
      peer.call(original(message), timeoutNs, new OriginalReply(reply));
    }
  }

  private static Message original(ExtReplicate message) {
    int counter = ClockTime.counter(message.clockTime());
    long messageClock = Integer.toUnsignedLong(counter);
    return message.value().readableBytes() == Long.BYTES
        ? new ReplicateDelete(messageClock, message.flags(), message.clockTime(), message.key())
        : new ReplicateSet(messageClock, message.flags(), message.key(), message.value());
  }

  @Override
  public void fetch(NodeAddress replica, Fetch message, long timeoutNs, FetchReply reply) {
    Answer<FetchResult> answer = new Answer<>(FetchResult::read, reply::fetched, reply::failed);
    ask(replica, message, timeoutNs, Capabilities::isExtended, answer, reply::unsupported);
  }

  @Override
  public void list(NodeAddress replica, ListRecords message, long timeoutNs, ListReply reply) {
    Answer<RecordList> answer = new Answer<>(RecordList::read, reply::listed, reply::failed);
    ask(replica, message, timeoutNs, Capabilities::isExtended, answer, reply::unsupported);
  }

  @Override
  public void digest(NodeAddress server, DigestRanges message, long timeoutNs, DigestReply reply) {
    Answer<DigestList> answer = new Answer<>(DigestList::read, reply::digested, reply::failed);
    ask(server, message, timeoutNs, Capabilities::digests, answer, reply::unsupported);
  }

  /** Asks a server, unless its capabilities say that it does not understand it. */
  private void ask(
      NodeAddress server,
      Message message,
      long timeoutNs,
      IntPredicate understands,
      Answer<?> answer,
      Runnable unsupported) {
    Peer peer = endpoint.peer(server);
    introduced(
        peer,
        timeoutNs,
        answer.failed(),
        () -> {
          if (understands.test(peer.capabilities())) {
            peer.call(message, timeoutNs, answer);
          } else {
            unsupported.run();
          }
        });
  }

  @Override
  public void share(NodeAddress node, PublishedSpaces view) {
    Peer peer = endpoint.peer(node);
    peer.call(
        new HashSpaceSync(view, PeerClock.of(peer, clock.next())),
        SHARE_TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {}
        });
  }

  /**
   * True and false both mean that the replica has the record or one that it holds for newer, and it
   * says no more.
   */
  private record OriginalReply(ReplicaReply target) implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      MsgPack.readBool(result);
      target.stored();
    }

    @Override
    public void error(ErrorCode code, String detail) {
      target.failed(detail);
    }
  }

  private record ExtendedReply(ReplicaReply target, WriteRules rules) implements ReplyHandler {
    @Override
    public void reply(ByteBuf encoded) throws MalformedMessageException {
      ExtReplicateResult result = ExtReplicateResult.read(encoded);
      switch (result.status()) {
        case STORED -> target.stored();
        case HAVE_NEWER -> rules.haveNewer(target, result.clockTime());
        case REFUSED ->
            target.refused(result.view() == null ? PublishedSpaces.EMPTY : result.view());
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      if (DiskFull.isTold(detail)) {
        target.full(detail);
      } else {
        target.failed(detail);
      }
    }
  }

  /** What a result is made of. */
  private interface ResultReader<T> {
    T read(ByteBuf in) throws MalformedMessageException;
  }

  private record Answer<T>(ResultReader<T> reader, Consumer<T> taker, Consumer<String> failed)
      implements ReplyHandler {
    @Override
    public void reply(ByteBuf encoded) throws MalformedMessageException {
      taker.accept(reader.read(encoded));
    }

    @Override
    public void error(ErrorCode code, String detail) {
      failed.accept(detail);
    }
  }
}
