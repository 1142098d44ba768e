package io.kumo.server.transfer;

import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The streams of a copy, one for each target that has something to get. Stream loop only. */
final class CopyLanes {
  private static final long OFFER_AGAIN_NS = Duration.ofSeconds(10).toNanos();

  private final Transport loop;
  private final OfferStreams streams;
  private final CopySurroundings surroundings;
  private final long bufferBytes;
  private final Consumer<NodeAddress> over;
  private final Map<NodeAddress, CopyLane> lanes = new TreeMap<>();

  /**
   * @param bufferBytes that each may hold back
   * @param over told of each target whose stream has ended, well or not
   */
  CopyLanes(
      Transport loop,
      OfferStreams streams,
      CopySurroundings surroundings,
      long bufferBytes,
      Consumer<NodeAddress> over) {
    this.loop = loop;
    this.streams = streams;
    this.surroundings = surroundings;
    this.bufferBytes = bufferBytes;
    this.over = over;
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }

  /** Whether all can take more. */
  boolean areReady() {
    return lanes.values().stream().allMatch(CopyLane::isReady);
  }

  /** Those that are not over and whose comparison is so. */
  List<CopyLane> where(Predicate<Comparison> condition) {
    return lanes.values().stream()
        .filter(lane -> !lane.stream.isOver() && condition.test(lane.comparison))
        .toList();
  }

  /** Those that are so, and not over. */
  List<CopyLane> which(Predicate<CopyLane> condition) {
    return lanes.values().stream()
        .filter(lane -> !lane.stream.isOver() && condition.test(lane))
        .toList();
  }

  /** Where any of these targets differs; null unless that is known of all. */
  @Nullable List<HashRange> differences(Set<NodeAddress> targets) {
    List<HashRange> ranges = new ArrayList<>();
    for (NodeAddress target : targets) {
      CopyLane lane = lanes.get(target);
      Differences differences = lane == null ? null : lane.differences();
      if (differences == null) {
        return null;
      }
      ranges.addAll(differences.ranges());
    }
    return ranges;
  }

  /** The scan goes on from here. */
  void pass(ScanPosition position) {
    lanes.values().forEach(lane -> lane.passes(position));
  }

  /** The target's, which is offered to it when this is the first time. */
  CopyLane of(NodeAddress target, ScanPosition position) {
    CopyLane known = lanes.get(target);
    if (known != null) {
      return known;
    }
    long nowNs = loop.time().nanoTime();
    OutgoingStream stream =
        new OutgoingStream(target, bufferBytes, nowNs, () -> over.accept(target));
    Comparison comparison = new Comparison(!surroundings.isOriginal(target));
    CopyLane lane = new CopyLane(stream, comparison, position, nowNs);
    lanes.put(target, lane);
    streams.offer(stream);
    surroundings.offer(target);
    return lane;
  }

  /** Nothing more comes for any of them. */
  void end() {
    for (CopyLane lane : List.copyOf(lanes.values())) {
      if (!lane.stream.isOver()) {
        lane.stream.end();
      }
    }
  }

  /** Offers the target's no more; null when there is none. */
  @Nullable CopyLane withdraw(NodeAddress target) {
    CopyLane lane = lanes.get(target);
    if (lane != null) {
      streams.withdraw(lane.stream);
    }
    return lane;
  }

  void remove(CopyLane lane) {
    lanes.remove(lane.stream.target(), lane);
  }

  /** Ends all at once. */
  void close() {
    for (CopyLane lane : lanes.values()) {
      streams.withdraw(lane.stream);
      lane.stream.close();
    }
    lanes.clear();
  }

  /** To be called about every second. */
  void tick() {
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
