package io.kumo.manager.admin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import io.kumo.manager.view.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * flush_all: a ClockTime that is greater than that of every record, known to every active server.
 * One that is due later is kept by managers and servers, so that neither the gateway that it came
 * through nor a manager has to live until then; the manager that directs carries it out.
 *
 * <p>Confined to the manager's loop.
 */
public final class FlushControl {
  private static final Logger log = LoggerFactory.getLogger(FlushControl.class);

  private static final long CLOCK_TIMEOUT_NS = Duration.ofSeconds(2).toNanos();
  private static final long MAX_AHEAD_SECONDS = 60;
  private static final long WATCH_MILLIS = 60_000;
  private static final long NS_PER_MILLI = 1_000_000;

  private final MemberTable table;
  private final HashSpacePublisher publisher;
  private final NodeSessions sessions;
  private final ClusterState state;
  private final HybridClock clock;
  private boolean flushing;
  private boolean complained;
  private boolean decides;
  private long watchedSeconds;

  public FlushControl(
      MemberTable table, HashSpacePublisher publisher, NodeSessions sessions, ClusterState state) {
    this.table = table;
    this.publisher = publisher;
    this.sessions = sessions;
    this.state = state;
    this.clock = sessions.clock();
  }

  /** Answers when every active server has heard, or some have not. */
  public void flush(FlushAll order, Replier reply) {
    Consumer<Boolean> answer =
        all -> {
          if (all) {
            reply.bool(true);
          } else {
            reply.errorText("not every server has heard of the flush");
          }
        };
    long due = dueSeconds(order);
    if (due > nowSeconds()) {
      state.delayFlush(new DelayedFlush(clock.next(), due));
      watch();
      publisher.publishConfirmed(activeServers(), answer);
    } else {
      flushNow(answer);
    }
  }

  /** As in memcached it begins up to a second early, so that it is over when it is expected. */
  private long dueSeconds(FlushAll order) {
    long said =
        order.delaySeconds() == 0 ? order.dueSeconds() : nowSeconds() + order.delaySeconds();
    return said - 1;
  }

  /** Looks at the moment at which the next flush is due: ticks may be seconds apart. */
  private void watch() {
    long due = state.delayedFlush().dueSeconds();
    long millis = due * 1000 - unixMillis();
    if (due != 0 && due != watchedSeconds && millis <= WATCH_MILLIS) {
      watchedSeconds = due;
      sessions
          .endpoint()
          .transport()
          .schedule(Math.max(0, millis) * NS_PER_MILLI, () -> tick(decides));
    }
  }

  /** Does what is due, if this manager is the one to do so. */
  public void tick(boolean mayDecide) {
    decides = mayDecide;
    watch();
    long due = state.delayedFlush().dueSeconds();
    if (due == 0 || due > nowSeconds() || !mayDecide || flushing) {
      return;
    }
    flushing = true;
    flushNow(
        all -> {
          flushing = false;
          boolean done = state.delayedFlush().dueSeconds() == 0;
          if (!done && !complained) {
            log.warn("a flush that is due waits until every active server answers");
          }
          complained = !done;
        });
  }

  private void flushNow(Consumer<Boolean> outcome) {
    List<NodeAddress> servers = activeServers();
    boolean everyoneCan =
        servers.stream()
            .map(server -> table.attachedInfo().get(server))
            .allMatch(info -> info != null && info.extended());
    if (servers.isEmpty() || !everyoneCan) {
      outcome.accept(false);
      return;
    }
    AtomicInteger open = new AtomicInteger(servers.size());
    AtomicBoolean all = new AtomicBoolean(true);
    Runnable answered =
        () -> {
          if (open.decrementAndGet() == 0) {
            declare(all.get(), outcome);
          }
        };
    for (NodeAddress server : servers) {
      sessions
          .peer(server)
          .call(
              new GetClock(),
              CLOCK_TIMEOUT_NS,
              ReplyHandlers.of(
                  result -> {
                    all.compareAndSet(true, observe(MsgPack.readUnsigned(result)));
                    answered.run();
                  },
                  (code, detail) -> {
                    all.set(false);
                    answered.run();
                  }));
    }
  }

  /** A flush by a clock that is far ahead would hide what is stored after it. */
  private boolean observe(long clockTime) {
    if (ClockTime.seconds(clockTime) > nowSeconds() + MAX_AHEAD_SECONDS) {
      log.warn(LogId.FLUSH_REFUSED, "no flush: a server's clock is far ahead");
      return false;
    }
    clock.observe(clockTime);
    return true;
  }

  /** The manager's clock is now ahead of that of every server, unless one has not answered. */
  private void declare(boolean heardAll, Consumer<Boolean> outcome) {
    if (!heardAll) {
      outcome.accept(false);
      return;
    }
    state.flush(clock.next());
    if (state.delayedFlush().dueSeconds() != 0) {
      state.delayFlush(new DelayedFlush(clock.next(), 0));
    }
    log.info("flush_all");
    publisher.publishConfirmed(activeServers(), outcome);
  }

  private List<NodeAddress> activeServers() {
    return table.spaces().write().nodes().stream().filter(Node::active).map(Node::address).toList();
  }

  private long nowSeconds() {
    return unixMillis() / 1000;
  }

  private long unixMillis() {
    return sessions.endpoint().transport().time().unixMillis();
  }
}
