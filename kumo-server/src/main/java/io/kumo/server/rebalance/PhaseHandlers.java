package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.core.transport.Transport;
import io.kumo.server.view.ViewHolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a director of a rebalance tells a server to start, and whether that is to be done.
 *
 * <p>Being told to start the phase that runs, or that has ended, changes nothing and is answered as
 * it stands, so that an extended manager may repeat itself; kumofs 0.4.13 managers never repeat a
 * request, and theirs start anew. Confined to the main loop.
 */
final class PhaseHandlers {
  private static final Logger log = LoggerFactory.getLogger(PhaseHandlers.class);

  private final ViewHolder spaces;
  private final HybridClock clock;
  private final Transport main;
  private final Rebalancer rebalancer;
  private HashSpace formerRead = HashSpace.EMPTY;
  private @Nullable Early early;

  /** Starts a phase. */
  private interface Start {
    void run() throws RpcException;
  }

  /** A start that came before the view that it is about. */
  private record Early(Start start, Replier reply) {}

  PhaseHandlers(RebalanceContext context, Rebalancer rebalancer) {
    this.spaces = context.spaces();
    this.clock = context.clock();
    this.main = context.main();
    this.rebalancer = rebalancer;
  }

  void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.REPLACE_COPY_START, ReplaceCopyStart.class, this::copyStart);
    endpoint.handle(Method.REPLACE_DELETE_START, ReplaceDeleteStart.class, this::deleteStart);
  }

  private static Peer director(Caller caller) throws RpcException {
    Peer node = caller.node();
    if (node == null) {
      throw new RpcException(ErrorCode.PROTOCOL, "the caller has not introduced itself");
    }
    return node;
  }

  /** The connection by which a manager's hash spaces come in order; see {@link ViewHolder}. */
  private static @Nullable Object managerOf(Caller caller) {
    Peer node = caller.node();
    return node != null && node.role() == Role.MANAGER ? caller : null;
  }

  private void copyStart(ReplaceCopyStart message, Caller caller, Replier reply)
      throws RpcException {
    Peer director = director(caller);
    clock.observeMessageClock(message.clock());
    clock.observe(message.hashSpace().clockTime());
    long time = message.hashSpace().clockTime();
    boolean repeats = Capabilities.isExtended(director.capabilities());
    CopyPhase copying = rebalancer.copying();
    if (copying != null && copying.isFor(time, message.full()) && repeats) {
      reply.bool(true);
      copying.startedAgain(director);
      return;
    }
    if (ClockTime.isNewer(spaces.latest().write().clockTime(), time)) {
      reply.bool(true);
      log.info("told to copy by an older hash space than this server's; not done");
      return;
    }
    if (isEarly(spaces.latest().write().clockTime() == time)) {
      await(new Early(() -> copyStart(message, caller, reply), reply));
      return;
    }
    HashSpaces before = spaces.latest();
    if (!message.full()) {
      spaces.offerWrite(message.hashSpace(), managerOf(caller));
    }
    HashSpaces layout = new HashSpaces(message.hashSpace(), before.read());
    spaces.afterInstall(
        () -> {
          reply.bool(true);
          rebalancer.copy(layout, message.full(), director);
        });
  }

  private void deleteStart(ReplaceDeleteStart message, Caller caller, Replier reply)
      throws RpcException {
    Peer director = director(caller);
    clock.observeMessageClock(message.clock());
    long time = message.hashSpace().clockTime();
    boolean repeats = Capabilities.isExtended(director.capabilities());
    CleanupPhase cleaning = rebalancer.cleaning();
    if (cleaning != null && cleaning.replaceTime == time && repeats) {
      reply.bool(true);
      cleaning.startedAgain(director);
      return;
    }
    if (ClockTime.isNewer(spaces.latest().write().clockTime(), time) && repeats) {
      reply.bool(true);
      log.info("told to delete by an older hash space than this server's; not done");
      return;
    }
    HashSpaces latest = spaces.latest();
    if (isEarly(latest.write().clockTime() == time && !latest.rebalancing())) {
      await(new Early(() -> deleteStart(message, caller, reply), reply));
      return;
    }
    if (repeats) {
      spaces.offerWrite(message.hashSpace(), managerOf(caller));
    }
    HashSpace former = formerRead(spaces.latest());
    spaces.readFollowsWrite();
    spaces.afterInstall(
        () -> {
          reply.bool(true);
          rebalancer.clean(time, director, former);
        });
  }

  /** Views that count by votes come from votes alone, and not from a start. */
  private boolean isEarly(boolean installed) {
    return spaces.countsVotes() && !installed;
  }

  /** One waits at a time; a director whose start is refused tries again. */
  private void await(Early start) {
    if (early != null) {
      early.reply().error(ErrorCode.SERVER);
    }
    early = start;
  }

  /** Another view is installed. */
  void viewInstalled() {
    if (spaces.current().rebalancing()) {
      formerRead = spaces.current().read();
    }
    Early waited = early;
    early = null;
    if (waited != null) {
      // While a view is told on, nothing is to change.
      main.execute(() -> startNow(waited));
    }
  }

  private static void startNow(Early waited) {
    try {
      waited.start().run();
    } catch (RpcException e) {
      log.debug("told to start a phase, and cannot: {}", e.getMessage());
      waited.reply().error(e.code());
    }
  }

  /** The layout before the present one, as far as this process has seen it. */
  private HashSpace formerRead(HashSpaces now) {
    if (now.rebalancing()) {
      formerRead = now.read();
    }
    return formerRead;
  }
}
