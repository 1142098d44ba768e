package io.kumo.server.rebalance;

import io.kumo.core.protocol.MoveFigures;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Cancellable;
import io.kumo.core.rpc.Transport;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a {@link CopyPlan} out: one scan feeds the streams to all servers that lack records, in
 * small steps, and never further ahead of the slowest than its buffer allows, so that memory does
 * not depend on how much there is to copy.
 *
 * <p>A stream that breaks is left out of the scan, and afterwards taken up again a little before
 * the last record that its receiver acknowledged, as often as it takes. Confined to the stream
 * loop, except {@link #figures}.
 */
final class CopyRunner {
  private static final Logger log = LoggerFactory.getLogger(CopyRunner.class);

  private static final ScanLimits BATCH = ScanLimits.records(256, 256 << 10);
  private static final long PAUSE_NS = Duration.ofMillis(2).toNanos();
  private static final long TICK_NS = Duration.ofSeconds(1).toNanos();
  private static final long OFFER_AGAIN_NS = Duration.ofSeconds(10).toNanos();
  private static final long FIRST_RETRY_NS = Duration.ofMillis(500).toNanos();
  private static final long MAX_RETRY_NS = Duration.ofSeconds(30).toNanos();
  private static final int CHECKPOINT_BATCHES = 16;
  private static final int MAX_CHECKPOINTS = 1024;

  /** What it needs from around it. */
  interface Surroundings {
    /** Tells the target by RPC that there is something to fetch; may be called repeatedly. */
    void offer(NodeAddress target);

    /** Everything is stored where it belongs. */
    void copied();

    /** Whether the target is a kumofs 0.4.13 server, which takes no tombstones in a stream. */
    boolean isOriginal(NodeAddress target);
  }

  /** A place in the scan, and how many pairs its stream had been given when it was there. */
  private record Checkpoint(long pairs, ScanPosition position) {}

  private static final class Lane {
    final OutgoingStream stream;
    final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
    long offeredNs;

    Lane(OutgoingStream stream, ScanPosition start, long nowNs) {
      this.stream = stream;
      this.offeredNs = nowNs;
      checkpoints.add(new Checkpoint(0, start));
    }

    void passed(ScanPosition position) {
      checkpoints.add(new Checkpoint(stream.pairs(), position));
      forgetAcknowledged();
      if (checkpoints.size() > MAX_CHECKPOINTS) {
        thinOut();
      }
    }

    /** Keeps the last one that everything before is stored of. */
    private void forgetAcknowledged() {
      while (checkpoints.size() > 1 && second().pairs <= stream.acknowledged()) {
        checkpoints.removeFirst();
      }
    }

    private Checkpoint second() {
      Checkpoint first = checkpoints.removeFirst();
      Checkpoint second = checkpoints.getFirst();
      checkpoints.addFirst(first);
      return second;
    }

    private void thinOut() {
      Deque<Checkpoint> kept = new ArrayDeque<>();
      int i = 0;
      for (Checkpoint checkpoint : checkpoints) {
        if (i++ % 2 == 0) {
          kept.add(checkpoint);
        }
      }
      checkpoints.clear();
      checkpoints.addAll(kept);
    }

    ScanPosition resumeAt() {
      forgetAcknowledged();
      return checkpoints.getFirst().position;
    }
  }

  private final Transport loop;
  private final Store store;
  private final OfferStreams streams;
  private final CopyPlan plan;
  private final Pace pace;
  private final Surroundings surroundings;
  private final long bufferBytes;
  private final long total;
  private final Map<NodeAddress, Lane> lanes = new TreeMap<>();
  private final Map<NodeAddress, ScanPosition> broken = new TreeMap<>();
  private Predicate<NodeAddress> included = target -> true;
  private ScanPosition position;
  private long retryNs = FIRST_RETRY_NS;
  private boolean cancelled;
  private int batches;
  private long scanned;
  private long moved;
  private long bytes;
  private volatile MoveFigures figures = MoveFigures.NONE;
  private @Nullable Cancellable ticking;

  CopyRunner(
      Transport loop,
      Store store,
      OfferStreams streams,
      CopyPlan plan,
      Pace pace,
      Surroundings surroundings) {
    this.loop = loop;
    this.store = store;
    this.streams = streams;
    this.plan = plan;
    this.pace = pace;
    this.surroundings = surroundings;
    List<HashRange> ranges = plan.isEmpty() ? List.of() : plan.ranges();
    this.position = ScanPosition.start(ranges);
    int targets = plan.isEmpty() ? 1 : Math.max(1, plan.allTargets().size());
    this.bufferBytes = Math.max(64 << 10, pace.memoryBytes() / targets);
    double share = ranges.stream().mapToDouble(HashRange::share).sum();
    this.total = Math.round((store.liveCount() + store.tombstoneCount()) * Math.min(1, share));
    this.figures = new MoveFigures(0, total, 0, 0);
  }

  /** How far it is. Any thread. */
  MoveFigures figures() {
    return figures;
  }

  void start() {
    ticking = loop.schedule(TICK_NS, this::tick);
    step();
  }

  /** Stops at once; what has been stored stays. */
  void cancel() {
    cancelled = true;
    if (ticking != null) {
      ticking.cancel();
    }
    for (Lane lane : lanes.values()) {
      streams.withdraw(lane.stream);
      lane.stream.close();
    }
    lanes.clear();
  }

  private void step() {
    if (cancelled) {
      return;
    }
    if (position.isDone()) {
      endStreams();
      return;
    }
    if (!lanes.values().stream().allMatch(lane -> lane.stream.isReady() || lane.stream.isOver())) {
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    long batchNs = loop.time().nanoTime();
    try {
      scanBatch();
    } catch (StoreException e) {
      log.error("the copy of records waits, the store cannot be read: {}", e.getMessage());
      loop.schedule(TICK_NS, this::step);
      return;
    }
    long pauseNs = pace.pauseNs(bytes, batchNs, loop.time().nanoTime());
    if (pauseNs > 0) {
      loop.schedule(pauseNs, this::step);
    } else {
      loop.execute(this::step);
    }
  }

  private void scanBatch() {
    if (batches++ % CHECKPOINT_BATCHES == 0) {
      lanes.values().forEach(lane -> lane.passed(position));
    }
    position =
        position.scan(
            store,
            BATCH,
            (rawKey, rawValue, valueLength) -> {
              visit(rawKey, rawValue);
              return true;
            });
    figures = new MoveFigures(Math.min(scanned, total), total, moved, bytes);
  }

  private void visit(ByteBuf rawKey, ByteBuf rawValue) {
    scanned++;
    boolean tombstone = rawValue.readableBytes() == Store.TOMBSTONE_BYTES;
    for (NodeAddress target : plan.targets(rawKey.getLong(rawKey.readerIndex()))) {
      boolean left = broken.containsKey(target) || !included.test(target);
      if (!left && !(tombstone && surroundings.isOriginal(target))) {
        lane(target).stream.add(rawKey, rawValue);
        moved++;
        bytes += rawKey.readableBytes() + rawValue.readableBytes();
      }
    }
  }

  private Lane lane(NodeAddress target) {
    Lane known = lanes.get(target);
    if (known != null) {
      return known;
    }
    long nowNs = loop.time().nanoTime();
    OutgoingStream stream =
        new OutgoingStream(target, bufferBytes, nowNs, () -> streamOver(target));
    Lane lane = new Lane(stream, position, nowNs);
    lanes.put(target, lane);
    streams.offer(stream);
    surroundings.offer(target);
    return lane;
  }

  private void endStreams() {
    for (Lane lane : List.copyOf(lanes.values())) {
      if (!lane.stream.isOver()) {
        lane.stream.end();
      }
    }
    endIfSettled();
  }

  private void streamOver(NodeAddress target) {
    Lane lane = lanes.get(target);
    if (lane == null || cancelled) {
      return;
    }
    streams.withdraw(lane.stream);
    if (lane.stream.state() == OutgoingStream.State.FAILED) {
      broken.put(target, lane.resumeAt());
    }
    loop.execute(
        () -> {
          lanes.remove(target, lane);
          endIfSettled();
        });
  }

  private void endIfSettled() {
    if (cancelled || !position.isDone() || !lanes.isEmpty()) {
      return;
    }
    if (broken.isEmpty()) {
      cancel();
      figures = new MoveFigures(total, total, moved, bytes);
      surroundings.copied();
      return;
    }
    NodeAddress target = broken.keySet().iterator().next();
    position = Objects.requireNonNull(broken.remove(target));
    included = target::equals;
    log.info("taking up the stream of records to {} again", target);
    loop.schedule(retryNs, this::step);
    retryNs = Math.min(2 * retryNs, MAX_RETRY_NS);
  }

  private void tick() {
    long nowNs = loop.time().nanoTime();
    for (Lane lane : List.copyOf(lanes.values())) {
      lane.stream.tick(nowNs);
      lane.stream.flush();
      boolean waits = lane.stream.state() == OutgoingStream.State.OFFERED;
      if (waits && nowNs - lane.offeredNs >= OFFER_AGAIN_NS) {
        lane.offeredNs = nowNs;
        surroundings.offer(lane.stream.target());
      }
    }
    if (!cancelled) {
      ticking = loop.schedule(TICK_NS, this::tick);
    }
  }
}
