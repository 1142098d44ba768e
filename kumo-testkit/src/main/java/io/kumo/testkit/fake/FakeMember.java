package io.kumo.testkit.fake;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.extended.GetMoveStatistics;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.votes.InstalledSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.core.voter.VoteHandlers;
import io.kumo.core.voter.VoterService;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A server as managers see it: it has no records, follows hash spaces, and ends each phase of a
 * rebalance at once, or when told.
 */
public final class FakeMember {
  private static final long TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final NodeAddress address;
  private final RpcEndpoint endpoint;
  private final List<String> asked = new ArrayList<>();
  private final List<Runnable> unended = new ArrayList<>();
  private PublishedSpaces view;
  private @Nullable VoterService voter;
  private boolean clean = true;
  private boolean endsPhases = true;
  private boolean deaf;
  private long clock;

  /**
   * Listens, and connects to the managers.
   *
   * @param process the incarnation that it announces
   * @param persisted what it knows of the cluster from before
   * @param vote where it keeps its vote; null if it has none
   */
  public FakeMember(
      Transport transport,
      NodeAddress address,
      long process,
      PublishedSpaces persisted,
      @Nullable VoteWriter vote,
      NodeAddress... managers) {
    this.address = address;
    this.view = persisted;
    int capabilities = Capabilities.EXTENDED | (vote == null ? 0 : Capabilities.VOTES);
    Identity identity = new Identity(address, Role.SERVER, capabilities, process);
    endpoint = new RpcEndpoint(transport, identity, RpcOptions.DEFAULT, new Random(process));
    endpoint.handle(
        Method.KEEP_ALIVE,
        KeepAlive.class,
        (m, caller, reply) -> reply.unsigned(transport.time().unixMillis()));
    endpoint.handle(Method.HASH_SPACE_SYNC, HashSpaceSync.class, this::sync);
    endpoint.handle(Method.GET_CLOCK, GetClock.class, this::clock);
    endpoint.handle(Method.REPLACE_COPY_START, ReplaceCopyStart.class, this::copy);
    endpoint.handle(Method.REPLACE_DELETE_START, ReplaceDeleteStart.class, this::delete);
    endpoint.handle(
        Method.GET_MOVE_STATISTICS,
        GetMoveStatistics.class,
        (m, caller, reply) -> MoveStatistics.NONE.write(reply.begin()));
    if (vote != null) {
      voter =
          new VoterService(
              transport,
              vote,
              VoteRules.SOUND,
              ClusterView.NONE,
              (installed, skips) -> view = InstalledSpaces.of(installed));
      VoteHandlers.register(endpoint, voter);
    }
    endpoint.addNodeListener(
        new NodeListener() {
          @Override
          public void nodeAppeared(Peer peer) {
            send(peer, new HashSpaceReport(view, clean, 0));
          }
        });
    try {
      endpoint.listen(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (NodeAddress manager : managers) {
      endpoint.peer(manager).keepConnected();
    }
  }

  public NodeAddress address() {
    return address;
  }

  /** The newest that it was told. */
  public PublishedSpaces view() {
    return view;
  }

  /** Its vote; only where it keeps one. */
  public VoterService voter() {
    return Objects.requireNonNull(voter, "keeps no vote");
  }

  public HashSpaces spaces() {
    return view.spaces();
  }

  /** The phases that were started: copy, delete. */
  public List<String> asked() {
    return asked;
  }

  /** Whether it reports from now on that it had stopped in an orderly way. */
  public void setClean(boolean stoppedInOrder) {
    clean = stoppedInOrder;
  }

  /** The ClockTime that it tells who asks. */
  public void setClock(long clockTime) {
    clock = clockTime;
  }

  /** The same. */
  public long clock() {
    return clock;
  }

  /** Whether it refuses to tell its clock. */
  public void setDeaf(boolean refuses) {
    deaf = refuses;
  }

  /** Whether it ends the phases that are started from now on at once. */
  public void setEndsPhases(boolean atOnce) {
    endsPhases = atOnce;
  }

  /** Ends the phases that it did not end at once. */
  public void endPhases() {
    List<Runnable> ends = List.copyOf(unended);
    unended.clear();
    ends.forEach(Runnable::run);
  }

  /** Has heard this from elsewhere, and shows it to one manager. */
  public void show(NodeAddress manager, PublishedSpaces heard) {
    view = heard;
    send(endpoint.peer(manager), new HashSpaceReport(view, clean, 0));
  }

  private void clock(GetClock message, Caller caller, Replier reply) {
    if (deaf) {
      reply.errorText("deaf");
    } else {
      reply.unsigned(clock);
    }
  }

  private void sync(HashSpaceSync message, Caller caller, Replier reply) {
    view =
        new PublishedSpaces(
            new HashSpaces(
                newer(view.spaces().write(), message.view().spaces().write()),
                newer(view.spaces().read(), message.view().spaces().read())),
            message.view().extras());
    reply.bool(true);
  }

  private static HashSpace newer(HashSpace own, HashSpace received) {
    return Long.compareUnsigned(received.clockTime(), own.clockTime()) >= 0 ? received : own;
  }

  private void copy(ReplaceCopyStart message, Caller caller, Replier reply) {
    asked.add("copy");
    reply.bool(true);
    long time = message.hashSpace().clockTime();
    end(() -> send(caller.back(), new ReplaceEnd(Method.REPLACE_COPY_END, time, 0)));
  }

  private void delete(ReplaceDeleteStart message, Caller caller, Replier reply) {
    asked.add("delete");
    reply.bool(true);
    long time = message.hashSpace().clockTime();
    end(() -> send(caller.back(), new ReplaceEnd(Method.REPLACE_DELETE_END, time, 0)));
  }

  private void end(Runnable send) {
    if (endsPhases) {
      send.run();
    } else {
      unended.add(send);
    }
  }

  private static void send(Peer peer, Message message) {
    peer.call(
        message,
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {}
        });
  }
}
