package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.VerificationState.Phase;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of all records that this server coordinates with those of the other replicas,
 * value by value, ordered by an operator. By digests first, so that equal records cost no traffic;
 * where these differ, record by record. With {@code repair} what differs goes through the gate,
 * which gives every replica the newest record, as after a failover. Main loop only.
 *
 * <p>It ends, failed, when the hash spaces change or another server does not answer. Bounds: one
 * range of one other server at a time, {@value VerificationState#MAX_FINDINGS} names.
 */
final class Verification implements RecordCounting.Listener {
  private static final int FAILURES = 5;
  private static final long RETRY_NS = 500_000_000L;

  private final WriteContext context;
  private final RpcEndpoint endpoint;
  private final RecordDescriber describer;
  private final Verify order;
  private final HashSpace write;
  private final DifferingKeys repairs;
  private final Queue<NodeAddress> others = new ArrayDeque<>();
  private final RangesToCompare ranges;
  private final RecordCounting counting;
  private final DefectList defects;
  private Phase phase = Phase.RUNNING;
  private String detail = "";
  private long endedMs;
  private long compared;
  private long mended;
  private int failures;
  private @Nullable Pair running;

  Verification(
      WriteContext context,
      RpcEndpoint endpoint,
      RecordDescriber describer,
      KeyGate gate,
      Verify order) {
    this.context = context;
    this.endpoint = endpoint;
    this.describer = describer;
    this.order = order;
    this.write = context.spaces().current().write();
    this.repairs = new DifferingKeys(context, gate);
    this.ranges = new RangesToCompare(order, write, self());
    this.counting = new RecordCounting(context, this);
    this.defects = new DefectList(self());
  }

  boolean isUnderWay() {
    return goesOn();
  }

  private boolean isRunning() {
    return phase == Phase.RUNNING;
  }

  VerificationState state() {
    goesOn();
    Pair pair = running;
    long inPair = pair == null ? 0 : pair.digests.equalRecords();
    return new VerificationState(
        phase,
        order.repair(),
        endedMs,
        detail,
        counting.records(),
        counting.copies(),
        Math.min(counting.copies(), compared + inPair),
        defects.counts(),
        mended,
        defects.findings());
  }

  void stop() {
    if (isRunning()) {
      end(Phase.STOPPED, "stopped by an operator");
    }
  }

  /** Counts the records first, so that it can be told how far it is. */
  void start() {
    for (Node node : write.nodes()) {
      boolean wanted = order.only() == null || node.address().equals(order.only()) || isOnlySelf();
      if (node.active() && wanted && !node.address().equals(self())) {
        others.add(node.address());
      }
    }
    counting.addRecords(ranges.coordinated());
    others.forEach(other -> counting.addCopies(ranges.sharedWith(other)));
    counting.start();
  }

  private boolean isOnlySelf() {
    return self().equals(order.only());
  }

  private NodeAddress self() {
    return context.spaces().self();
  }

  @Override
  public void counted() {
    nextOther();
  }

  @Override
  public void countingFailed(String reason) {
    end(Phase.FAILED, reason);
  }

  /** Whether it still runs, by the hash spaces with which it began. */
  @Override
  public boolean goesOn() {
    boolean same = context.spaces().current().write().clockTime() == write.clockTime();
    if (isRunning() && !same) {
      end(Phase.FAILED, "the servers of the cluster changed meanwhile; verify again");
    }
    return isRunning();
  }

  private void end(Phase last, String why) {
    phase = last;
    detail = why;
    endedMs = context.transport().time().unixMillis();
    Pair pair = running;
    running = null;
    if (pair != null) {
      pair.cancel();
    }
    repairs.cancel();
  }

  private void nextOther() {
    if (!goesOn()) {
      return;
    }
    NodeAddress other = others.poll();
    if (other == null) {
      end(Phase.DONE, "");
      return;
    }
    running = new Pair(other);
    running.next();
  }

  /** The comparison with one other server. */
  private final class Pair implements DigestComparison.Listener, VerifiedRange.Listener {
    private final NodeAddress other;
    private final DigestComparison digests;
    private final List<ByteBuf> differing = new ArrayList<>();
    private @Nullable VerifiedRange looked;

    Pair(NodeAddress other) {
      this.other = other;
      this.digests =
          new DigestComparison(
              context,
              new DigestComparison.Subject(
                  other, write, DigestDepth.VALUES, false, ranges.sharedWith(other), List.of()),
              order.recordsPerSecond() == 0
                  ? DigestComparison.Pace.POLITE
                  : DigestComparison.Pace.ofRate(order.recordsPerSecond()));
    }

    void next() {
      if (goesOn()) {
        digests.next(this);
      }
    }

    void cancel() {
      digests.cancel();
      if (looked != null) {
        looked.cancel();
      }
    }

    @Override
    public void differs(HashRange range) {
      if (goesOn()) {
        looked = new VerifiedRange(context, endpoint, describer, other, write, range, this);
        looked.start();
      }
    }

    @Override
    public void compared() {
      compared += digests.equalRecords();
      running = null;
      nextOther();
    }

    @Override
    public void refused(PublishedSpaces theirs) {
      failed(other + " has installed another view");
    }

    @Override
    public void unsupported() {
      end(Phase.FAILED, other + " cannot tell digests");
    }

    @Override
    public void failed(String reason) {
      if (!goesOn()) {
        return;
      }
      failures++;
      if (failures > FAILURES) {
        end(Phase.FAILED, reason);
      } else {
        context.transport().schedule(RETRY_NS, this::next);
      }
    }

    // ---- a range in which the two differ

    @Override
    public void differs(ByteBuf rawKey, RecordReport ours, RecordReport theirs) {
      defects.add(rawKey, ours, other, theirs);
      differing.add(rawKey);
    }

    @Override
    public void done(long looked) {
      if (!goesOn()) {
        return;
      }
      failures = 0;
      compared += looked;
      List<ByteBuf> keys = new ArrayList<>(differing);
      differing.clear();
      keys.removeIf(key -> !context.spaces().isCoordinator(RawKey.hash(key)));
      if (!order.repair() || keys.isEmpty()) {
        next();
        return;
      }
      repairs.recover(
          keys,
          () -> {
            mended += keys.size();
            next();
          });
    }
  }
}
