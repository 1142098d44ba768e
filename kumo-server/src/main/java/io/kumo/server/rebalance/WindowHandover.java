package io.kumo.server.rebalance;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.server.dedup.RequestIds;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives those to whom records were copied the dedup window of these records, and tells them of
 * which keys it is whole: one after another, a message at a time. Main loop only.
 *
 * <p>After the copy, so that every request is in it whose trace a copied record bears. Who does not
 * answer goes without: its coverage is cut for as long as requests are remembered.
 */
final class WindowHandover {
  private static final Logger log = LoggerFactory.getLogger(WindowHandover.class);
  private static final long TIMEOUT_NS = Duration.ofSeconds(3).toNanos();

  /** Requests that are looked at in a turn of the loop. */
  private static final int LOOKED_AT = 1 << 13;

  private final RebalanceContext context;
  private final HashSpaces layout;
  private final CopyPlan plan;
  private final Runnable done;
  private final Queue<NodeAddress> targets = new ArrayDeque<>();
  private boolean cancelled;

  /**
   * @param layout hash spaces of the copy
   * @param plan what was copied
   * @param done run once, when everybody has been told, unless cancelled
   */
  WindowHandover(RebalanceContext context, HashSpaces layout, CopyPlan plan, Runnable done) {
    this.context = context;
    this.layout = layout;
    this.plan = plan;
    this.done = done;
  }

  void start() {
    if (!plan.isEmpty()) {
      targets.addAll(plan.allTargets());
    }
    nextTarget();
  }

  void cancel() {
    cancelled = true;
  }

  private void nextTarget() {
    if (cancelled) {
      return;
    }
    NodeAddress target = targets.poll();
    if (target == null) {
      done.run();
      return;
    }
    Peer peer = context.endpoint().peer(target);
    if (Capabilities.takesWindows(peer.capabilities())) {
      new Gift(target, peer).next();
    } else {
      context.main().execute(this::nextTarget);
    }
  }

  /** What one of them is given. */
  private final class Gift implements ReplyHandler {
    private final NodeAddress target;
    private final Peer peer;
    private final RequestIds.Walk walk = context.records().books().requests().walk();
    private List<GiveWindow.KeyRequest> found = new ArrayList<>();
    private boolean last;

    Gift(NodeAddress target, Peer peer) {
      this.target = target;
      this.peer = peer;
    }

    void next() {
      if (cancelled) {
        return;
      }
      boolean more = true;
      for (int looked = 0; more && looked < LOOKED_AT && !isFull(); looked++) {
        more = walk.show(1, hash -> plan.targets(hash).contains(target), found::add);
      }
      if (more && !isFull()) {
        context.main().atNextTurn(this::next);
      } else {
        give(!more);
      }
    }

    private boolean isFull() {
      return found.size() >= GiveWindow.MAX_REQUESTS;
    }

    private void give(boolean all) {
      last = all;
      GiveWindow message =
          new GiveWindow(
              layout.write().clockTime(),
              context.settings().streamAddress(),
              found,
              all ? coverage() : null);
      found = new ArrayList<>();
      peer.call(message, TIMEOUT_NS, this);
    }

    private GiveWindow.@Nullable Coverage coverage() {
      List<HashRange> given =
          HashRange.where(
              hash -> plan.targets(hash).contains(target), layout.read(), layout.write());
      long nowNs = context.main().time().nanoTime();
      return context.records().books().coverage().coverage(given, nowNs);
    }

    @Override
    public void reply(ByteBuf result) {
      if (last) {
        nextTarget();
      } else {
        next();
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      log.info("{} does not take the requests of its records: {}", target, detail);
      nextTarget();
    }
  }
}
