package io.kumo.server.transfer;

import io.kumo.core.protocol.extended.ConfirmRecords;
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
import java.util.function.Consumer;
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
  private static final long TICK_NS = Duration.ofSeconds(1).toNanos();
  private static final long OFFER_AGAIN_NS = Duration.ofSeconds(10).toNanos();
  private static final long FIRST_RETRY_NS = Duration.ofMillis(500).toNanos();
  private static final long MAX_RETRY_NS = Duration.ofSeconds(30).toNanos();
  private static final int MAX_SENT_AT_ONCE = 128;

  /** What it needs from around it. */
  public interface Surroundings {
    /** Tells the target by RPC that there is something to fetch; may be called repeatedly. */
    void offer(NodeAddress target);

    /** Everything is stored where it belongs: so many were sent, so many were there already. */
    void copied(long sent, long spared);

    /**
     * Whether the target is a kumofs 0.4.13 server, which takes no tombstones in a stream and
     * cannot be asked.
     */
    boolean isOriginal(NodeAddress target);

    /**
     * Asks the target, which has come for its stream, which of these it has.
     *
     * @param answered given one byte a record, 0 for one that it has not; empty when it did not
     *     answer. Called once, on the stream loop, after this returned
     */
    void ask(
        NodeAddress target, List<ConfirmRecords.RecordVersion> records, Consumer<byte[]> answered);

    /** So many records were sent, and so many found where they belong. */
    void counted(long sent, long spared);
  }

  private final Transport loop;
  private final Store store;
  private final OfferStreams streams;
  private final CopyPlan plan;
  private final CopyThrottle throttle;
  private final Surroundings surroundings;
  private final long bufferBytes;
  private final long total;
  private final Map<NodeAddress, CopyLane> lanes = new TreeMap<>();
  private final Map<NodeAddress, ScanPosition> broken = new TreeMap<>();
  private Predicate<NodeAddress> included = target -> true;
  private ScanPosition position;
  private long retryNs = FIRST_RETRY_NS;
  private boolean cancelled;
  private boolean ending;
  private int unanswered;
  private long scanned;
  private long moved;
  private long spared;
  private long bytes;
  private long askedBytes;
  private volatile MoveStatistics statistics = MoveStatistics.NONE;
  private @Nullable Cancellable ticking;

  public CopyRunner(
      Transport loop,
      Store store,
      OfferStreams streams,
      CopyPlan plan,
      CopyThrottle throttle,
      Surroundings surroundings) {
    this.loop = loop;
    this.store = store;
    this.streams = streams;
    this.plan = plan;
    this.throttle = throttle;
    this.surroundings = surroundings;
    List<HashRange> ranges = plan.isEmpty() ? List.of() : plan.ranges();
    this.position = ScanPosition.start(ranges);
    int targets = plan.isEmpty() ? 1 : Math.max(1, plan.allTargets().size());
    this.bufferBytes = Math.max(64 << 10, throttle.memoryBytes() / targets);
    double share = ranges.stream().mapToDouble(HashRange::share).sum();
    this.total = Math.round((store.liveCount() + store.tombstoneCount()) * Math.min(1, share));
    this.statistics = new MoveStatistics(0, total, 0, 0);
  }

  /** How far it is. Any thread. */
  public MoveStatistics statistics() {
    return statistics;
  }

  public void start() {
    ticking = loop.repeat(TICK_NS, "copying", this::tick);
    step();
  }

  /** Stops at once; what has been stored stays. */
  public void cancel() {
    cancelled = true;
    if (ticking != null) {
      ticking.cancel();
    }
    for (CopyLane lane : lanes.values()) {
      streams.withdraw(lane.stream);
      lane.stream.close();
    }
    lanes.clear();
  }

  /** A step that throws is taken again: else the copy, and the replace, would never end. */
  private void step() {
    if (!cancelled && !loop.guard().run("copying", this, this::nextStep)) {
      loop.schedule(TICK_NS, this::step);
    }
  }

  private void nextStep() {
    assert loop.inLoop();
    if (!lanes.values().stream().allMatch(CopyLane::isReady)) {
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    List<CopyLane> behind = lanesWhere(comparison -> comparison.nextLacking() != null);
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

  private List<CopyLane> lanesWhere(Predicate<Comparison> condition) {
    return lanes.values().stream()
        .filter(lane -> !lane.stream.isOver() && condition.test(lane.comparison))
        .toList();
  }

  private boolean isToAsk() {
    return !lanesWhere(c -> position.isDone() ? c.hasQuestion() : c.isFull(BATCH_RECORDS))
        .isEmpty();
  }

  /** All at once, when each of them has come. */
  private void ask() {
    List<CopyLane> asked = lanesWhere(Comparison::hasQuestion);
    if (asked.stream()
        .anyMatch(lane -> lane.stream.state() == OutgoingStream.StreamState.OFFERED)) {
      loop.schedule(PAUSE_NS, this::step);
      return;
    }
    unanswered = asked.size();
    for (CopyLane lane : asked) {
      askedBytes += lane.comparison.questionBytes();
      surroundings.ask(
          lane.stream.target(), lane.comparison.question(), has -> answered(lane, has));
    }
  }

  private void answered(CopyLane lane, byte[] has) {
    try {
      if (!lane.stream.isOver()) {
        int count = lane.comparison.answered(has);
        spared += count;
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
    long limit = bytes + BATCH.maxBytes();
    for (int i = 0; i < MAX_SENT_AT_ONCE && bytes < limit && lane.stream.isReady(); i++) {
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
      log.error("the copy of records waits, the store cannot be read: {}", e.getMessage());
      loop.schedule(TICK_NS, this::step);
      return;
    }
    statistics = new MoveStatistics(Math.min(scanned, total), total, moved, bytes);
    long pauseNs = throttle.pauseNs(bytes + askedBytes, startNs, loop.time().nanoTime());
    if (pauseNs > 0) {
      loop.schedule(pauseNs, this::step);
    } else {
      loop.execute(this::step);
    }
  }

  private void scanBatch() {
    lanes.values().forEach(lane -> lane.passes(position));
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
    scanned++;
    boolean tombstone = rawValue.readableBytes() == Store.TOMBSTONE_BYTES;
    for (NodeAddress target : plan.targets(rawKey.getLong(rawKey.readerIndex()))) {
      boolean left = broken.containsKey(target) || !included.test(target);
      if (!left && !(tombstone && surroundings.isOriginal(target))) {
        CopyLane lane = lane(target);
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
    moved++;
    bytes += rawKey.readableBytes() + rawValue.readableBytes();
  }

  private CopyLane lane(NodeAddress target) {
    CopyLane known = lanes.get(target);
    if (known != null) {
      return known;
    }
    long nowNs = loop.time().nanoTime();
    OutgoingStream stream =
        new OutgoingStream(target, bufferBytes, nowNs, () -> streamOver(target));
    Comparison comparison = new Comparison(!surroundings.isOriginal(target));
    CopyLane lane = new CopyLane(stream, comparison, position, nowNs);
    lanes.put(target, lane);
    streams.offer(stream);
    surroundings.offer(target);
    return lane;
  }

  private void endStreams() {
    for (CopyLane lane : List.copyOf(lanes.values())) {
      if (!lane.stream.isOver()) {
        lane.stream.end();
      }
    }
    ending = true;
    endIfDone();
  }

  private void streamOver(NodeAddress target) {
    CopyLane lane = lanes.get(target);
    if (lane == null || cancelled) {
      return;
    }
    streams.withdraw(lane.stream);
    if (lane.stream.state() == OutgoingStream.StreamState.FAILED) {
      broken.put(target, lane.resumeAt());
    }
    loop.execute(
        () -> {
          lanes.remove(target, lane);
          endIfDone();
        });
  }

  private void endIfDone() {
    if (cancelled || !ending || !lanes.isEmpty()) {
      return;
    }
    if (broken.isEmpty()) {
      cancel();
      statistics = new MoveStatistics(total, total, moved, bytes);
      surroundings.copied(moved, spared);
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

  private void tick() {
    long nowNs = loop.time().nanoTime();
    for (CopyLane lane : List.copyOf(lanes.values())) {
      lane.stream.tick(nowNs);
      lane.stream.flush();
      if (lane.isToBeOffered(nowNs, OFFER_AGAIN_NS)) {
        surroundings.offer(lane.stream.target());
      }
    }
  }
}
