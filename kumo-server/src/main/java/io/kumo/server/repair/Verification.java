package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.VerificationState.Defect;
import io.kumo.core.protocol.repair.VerificationState.Finding;
import io.kumo.core.protocol.repair.VerificationState.Phase;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongPredicate;
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
final class Verification {
  private static final int RECORDS_A_TURN = 768;
  private static final int MAX_OWN_DEFECTS = 10_000;
  private static final int FAILURES = 5;
  private static final long RETRY_NS = 500_000_000L;

  private final WriteContext context;
  private final RpcEndpoint endpoint;
  private final RecordDescriber describer;
  private final Verify order;
  private final HashSpace write;
  private final DifferingKeys repairs;
  private final Queue<NodeAddress> others = new ArrayDeque<>();
  private final Queue<Uncounted> uncounted = new ArrayDeque<>();
  private final Set<ByteBuf> ownDefects = new HashSet<>();
  private final long[] counts = new long[Defect.values().length];
  private final List<Finding> findings = new ArrayList<>();
  private Phase phase = Phase.RUNNING;
  private String detail = "";
  private long endedMs;
  private long records;
  private long copies;
  private long compared;
  private long mended;
  private int failures;
  private @Nullable Pair running;

  /** Where records are still to be counted: those coordinated here, or copies of one server. */
  private record Uncounted(HashRange range, boolean copies) {}

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
        records,
        copies,
        Math.min(copies, compared + inPair),
        Arrays.stream(counts).boxed().toList(),
        mended,
        findings);
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
    ranges(hash -> self().equals(write.coordinator(hash)))
        .forEach(range -> uncounted.add(new Uncounted(range, false)));
    others.forEach(
        other -> shared(other).forEach(range -> uncounted.add(new Uncounted(range, true))));
    count();
  }

  private List<HashRange> shared(NodeAddress other) {
    return ranges(
        hash ->
            self().equals(write.coordinator(hash)) && write.activeReplicas(hash).contains(other));
  }

  private boolean isOnlySelf() {
    return self().equals(order.only());
  }

  private NodeAddress self() {
    return context.spaces().self();
  }

  private List<HashRange> ranges(LongPredicate wanted) {
    List<HashRange> within = new ArrayList<>();
    for (HashRange range : HashRange.where(wanted, write)) {
      long from = max(range.from(), order.range().from());
      long to = min(range.to(), order.range().to());
      if (Long.compareUnsigned(from, to) <= 0) {
        within.add(new HashRange(from, to));
      }
    }
    return within;
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private void count() {
    Uncounted next = uncounted.poll();
    if (next == null) {
      nextOther();
    } else {
      count(Cursor.range(next.range().from(), next.range().to()), next.copies());
    }
  }

  private void count(Cursor from, boolean ofCopies) {
    if (!goesOn()) {
      return;
    }
    DigestSum sum = new DigestSum();
    Cursor rest;
    try {
      rest = context.store().digest(from, RECORDS_A_TURN, sum);
    } catch (StoreException e) {
      end(Phase.FAILED, String.valueOf(e.getMessage()));
      return;
    }
    long count = sum.digest().count();
    records += ofCopies ? 0 : count;
    copies += ofCopies ? count : 0;
    context
        .transport()
        .execute(
            () -> {
              if (rest.isDone()) {
                count();
              } else {
                count(rest, ofCopies);
              }
            });
  }

  /** Whether it still runs, by the hash spaces with which it began. */
  private boolean goesOn() {
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

  private void found(ByteBuf key, NodeAddress server, Defect defect) {
    if (server.equals(self()) && (ownDefects.size() >= MAX_OWN_DEFECTS || !ownDefects.add(key))) {
      return;
    }
    counts[index(defect)]++;
    if (findings.size() < VerificationState.MAX_FINDINGS) {
      findings.add(new Finding(key, server, defect));
    }
  }

  @SuppressWarnings("EnumOrdinal") // an index of a list in the order of the enum
  private static int index(Defect defect) {
    return defect.ordinal();
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
                  other, write, DigestDepth.VALUES, false, shared(other), List.of()),
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
    public void refused(ClusterView theirs) {
      failed(other + " goes by another view");
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
      Defect here = defect(ours, theirs);
      Defect there = defect(theirs, ours);
      if (there != null) {
        found(rawKey, other, there);
      }
      if (here != null) {
        found(rawKey, self(), here);
      }
      differing.add(rawKey);
    }

    /** In what the first falls short of the second; null when it is the newer one. */
    private static @Nullable Defect defect(RecordReport one, RecordReport two) {
      if (one.kind() == RecordReport.Kind.DAMAGED) {
        return Defect.DAMAGED;
      } else if (!two.isThere()) {
        return null;
      } else if (!one.isThere()) {
        return Defect.MISSING;
      }
      int order = Long.compareUnsigned(one.clockTime(), two.clockTime());
      // Which of two of one write is right nobody knows; the greater bytes win.
      boolean smaller = Integer.compareUnsigned(one.checksum(), two.checksum()) < 0;
      return order < 0 ? Defect.OLDER : order == 0 && smaller ? Defect.OTHER_BYTES : null;
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
