package io.kumo.server.transfer;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
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
 * <p>A target that has come for its stream is asked what it lacks before that is sent, see {@link
 * Comparison}: its coming says that what it holds from before stays. The scan waits for the answers
 * of all.
 *
 * <p>A stream that breaks is left out of the scan, and afterwards taken up again a little before
 * the last record that its receiver acknowledged, as often as it takes. Confined to the stream
 * loop, except {@link #statistics}.
 */
public final class CopyRunner {
  private static final Logger log = LoggerFactory.getLogger(CopyRunner.class);

  private static final int BATCH_RECORDS = 256;
  private static final ScanLimits BATCH = ScanLimits.records(BATCH_RECORDS, 256 << 10);
  private static final long PAUSE_NS = Duration.ofMillis(2).toNanos();

  /** Until it is looked again how fast an operator lets records be moved. */
  private static final long LOOK_NS = Duration.ofMillis(100).toNanos();

  private static final long TICK_NS = Duration.ofSeconds(1).toNanos();
  private static final long FIRST_RETRY_NS = Duration.ofMillis(500).toNanos();
  private static final long MAX_RETRY_NS = Duration.ofSeconds(30).toNanos();
  private static final int MAX_SENT_AT_ONCE = 128;

  private final Transport loop;
  private final Store store;
  private final CopyPlan plan;
  private final CopyThrottle throttle;
  private final CopySurroundings surroundings;
  private final CopyProgress progress;
  private final CopyLanes lanes;
  private final Map<NodeAddress, ScanPosition> broken = new TreeMap<>();
  private Predicate<NodeAddress> included = target -> true;
  private ScanPosition position;
  private long retryNs = FIRST_RETRY_NS;
  private boolean cancelled;
  private boolean ending;
  private int unanswered;
  private @Nullable Cancellable ticking;

  public CopyRunner(
      Transport loop,
      Store store,
      OfferStreams streams,
      CopyPlan plan,
      CopyThrottle throttle,
      CopySurroundings surroundings) {
    this.loop = loop;
    this.store = store;
    this.plan = plan;
    this.throttle = throttle;
    this.surroundings = surroundings;
    List<HashRange> ranges = plan.isEmpty() ? List.of() : plan.ranges();
    this.position = ScanPosition.start(ranges);
    int targets = plan.isEmpty() ? 1 : Math.max(1, plan.allTargets().size());
    long bufferBytes = Math.max(64 << 10, throttle.memoryBytes() / targets);
    this.lanes = new CopyLanes(loop, streams, surroundings, bufferBytes, this::streamOver);
    double share = ranges.stream().mapToDouble(HashRange::share).sum();
    this.progress =
        new CopyProgress(
            Math.round((store.liveCount() + store.tombstoneCount()) * Math.min(1, share)));
  }

  /** How far it is. Any thread. */
  public MoveStatistics statistics() {
    return progress.statistics();
  }

  public void start() {
    ticking = loop.repeat(TICK_NS, "copying", lanes::tick);
    step();
  }

  /** Stops at once; what has been stored stays. */
  public void cancel() {
    cancelled = true;
    if (ticking != null) {
      ticking.cancel();
    }
    lanes.close();
  }

  /** A step that throws is taken again: else the copy, and the replace, would never end. */
  private void step() {
    if (!cancelled && !loop.guard().run("copying", this, this::nextStep)) {
      loop.schedule(TICK_NS, this::step);
    }
  }

  private void nextStep() {
    assert loop.inLoop();
    long owedNs = throttle.owedNs(loop.time().nanoTime());
    if (throttle.isPaused() || owedNs > 0) {
      loop.schedule(throttle.isPaused() ? LOOK_NS : Math.min(LOOK_NS, owedNs), this::step);
      return;
    }
    if (!lanes.areReady()) {
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    List<CopyLane> uncompared = lanes.which(CopyLane::isUncompared);
    if (!uncompared.isEmpty()) {
      uncompared.stream().filter(CopyLane::isToBeCompared).forEach(this::compare);
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    List<CopyLane> behind = lanes.where(comparison -> comparison.nextLacking() != null);
    if (!behind.isEmpty()) {
      work(() -> behind.forEach(this::sendLacking));
    } else if (isToAsk()) {
      ask();
    } else if (position.isDone()) {
      endStreams();
    } else {
      work(this::scanBatch);
    }
  }

  /** The scan waits for it. */
  private void compare(CopyLane lane) {
    lane.compares();
    NodeAddress target = lane.stream.target();
    surroundings.compare(
        target,
        plan.ranges(target),
        found -> {
          lane.compared(found);
          progress.spared((int) Math.min(Integer.MAX_VALUE, found.equal()));
          surroundings.counted(0, found.equal());
          skipEqual();
        });
  }

  /** Where no target differs nothing is read. */
  private void skipEqual() {
    List<HashRange> differing = lanes.differences(plan.allTargets());
    if (differing != null) {
      position = position.within(differing);
    }
  }

  private boolean isToAsk() {
    return !lanes
        .where(c -> position.isDone() ? c.hasQuestion() : c.isFull(BATCH_RECORDS))
        .isEmpty();
  }

  /** All at once, when each of them has come. */
  private void ask() {
    List<CopyLane> asked = lanes.where(Comparison::hasQuestion);
    if (asked.stream()
        .anyMatch(lane -> lane.stream.state() == OutgoingStream.StreamState.OFFERED)) {
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    unanswered = asked.size();
    for (CopyLane lane : asked) {
      progress.asked(lane.comparison.questionBytes());
      surroundings.ask(
          lane.stream.target(), lane.comparison.question(), has -> answered(lane, has));
    }
  }

  private void answered(CopyLane lane, byte[] has) {
    try {
      if (!lane.stream.isOver()) {
        int count = lane.comparison.answered(has);
        progress.spared(count);
        surroundings.counted(0, count);
      }
    } finally {
      unanswered--;
      if (unanswered == 0) {
        step();
      }
    }
  }

  /** What has been found damaged since it was asked for is left out, as by a scan. */
  private @Nullable ByteBuf read(ByteBuf rawKey) {
    try {
      return store.get(rawKey);
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        throw e;
      }
      log.warn("a record is not copied: {}", e.getMessage());
      return null;
    }
  }

  private void sendLacking(CopyLane lane) {
    long limit = progress.sentBytes() + BATCH.maxBytes();
    for (int i = 0;
        i < MAX_SENT_AT_ONCE && progress.sentBytes() < limit && lane.stream.isReady();
        i++) {
      ByteBuf rawKey = lane.comparison.nextLacking();
      if (rawKey == null) {
        return;
      }
      ByteBuf rawValue = read(rawKey);
      lane.comparison.sent();
      if (rawValue != null) {
        send(lane, rawKey, rawValue);
        rawValue.release();
      }
    }
  }

  private void work(Runnable piece) {
    long startNs = loop.time().nanoTime();
    try {
      piece.run();
    } catch (StoreException e) {
      log.error(
          LogId.COPY_WAITS,
          "the copy of records waits, the store cannot be read: {}",
          e.getMessage());
      loop.schedule(TICK_NS, this::step);
      return;
    }
    progress.show();
    long pauseNs = throttle.pauseNs(progress.networkBytes(), startNs, loop.time().nanoTime());
    if (pauseNs > 0) {
      loop.schedule(Math.min(LOOK_NS, pauseNs), this::step);
    } else {
      loop.atNextTurn(this::step);
    }
  }

  private void scanBatch() {
    lanes.pass(position);
    position =
        position.scan(
            store,
            BATCH,
            (rawKey, rawValue, valueLength) -> {
              visit(rawKey, rawValue);
              return true;
            });
  }

  private void visit(ByteBuf rawKey, ByteBuf rawValue) {
    progress.scanned();
    boolean tombstone = rawValue.readableBytes() == Store.TOMBSTONE_BYTES;
    for (NodeAddress target : plan.targets(rawKey.getLong(rawKey.readerIndex()))) {
      boolean left = broken.containsKey(target) || !included.test(target);
      if (!left && !(tombstone && surroundings.isOriginal(target))) {
        CopyLane lane = lanes.of(target, position);
        if (!lane.differs(rawKey.getLong(rawKey.readerIndex()))) {
          continue;
        }
        if (lane.comparison.asks()) {
          lane.comparison.add(rawKey, rawValue);
        } else {
          send(lane, rawKey, rawValue);
        }
      }
    }
  }

  private void send(CopyLane lane, ByteBuf rawKey, ByteBuf rawValue) {
    lane.stream.add(rawKey, rawValue);
    surroundings.counted(1, 0);
    progress.sent(rawKey.readableBytes() + rawValue.readableBytes());
  }

  private void endStreams() {
    lanes.end();
    ending = true;
    endIfDone();
  }

  private void streamOver(NodeAddress target) {
    CopyLane lane = cancelled ? null : lanes.withdraw(target);
    if (lane == null) {
      return;
    }
    if (lane.stream.state() == OutgoingStream.StreamState.FAILED) {
      broken.put(target, lane.resumeAt());
    }
    loop.execute(
        () -> {
          lanes.remove(lane);
          endIfDone();
        });
  }

  private void endIfDone() {
    if (cancelled || !ending || !lanes.isEmpty()) {
      return;
    }
    if (broken.isEmpty()) {
      cancel();
      progress.showWhole();
      surroundings.copied(progress.sentCount(), progress.sparedCount());
      return;
    }
    NodeAddress target = broken.keySet().iterator().next();
    position = Objects.requireNonNull(broken.remove(target));
    included = target::equals;
    ending = false;
    log.info("taking up the stream of records to {} again", target);
    loop.schedule(retryNs, this::step);
    retryNs = Math.min(2 * retryNs, MAX_RETRY_NS);
  }
}
