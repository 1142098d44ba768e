package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.original.ReplaceOffer;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.transfer.IncomingStream;
import io.kumo.server.view.ViewHolder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what others offer, when that is right: not for a hash space of long ago, and only once
 * this server knows the one that it is offered for, and by that whether what it holds from before
 * may stay. That it comes says so to the other one, which asks it then what it has.
 *
 * <p>Confined to the main loop; the records flow on the stream loop.
 */
final class Fetches {
  private static final Logger log = LoggerFactory.getLogger(Fetches.class);

  private static final int MAX_EARLY = 4096;

  private final Transport streamLoop;
  private final ViewHolder spaces;
  private final HybridClock clock;
  private final Rebalancer.Records records;
  private final Rejoin rejoin;
  private final Map<NodeAddress, IncomingStream> incoming = new HashMap<>();
  private final Map<NodeAddress, Long> early = new LinkedHashMap<>();
  private long told;

  Fetches(
      Transport streamLoop,
      ViewHolder spaces,
      HybridClock clock,
      Rebalancer.Records records,
      Rejoin rejoin) {
    this.streamLoop = streamLoop;
    this.spaces = spaces;
    this.clock = clock;
    this.records = records;
    this.rejoin = rejoin;
  }

  /**
   * Never answered: a kumofs 0.4.13 server takes an answer for the end of the offer. A server that
   * was cut off may still copy for a hash space of long ago, records that were deleted since.
   */
  void offered(ReplaceOffer message, Caller caller, Replier reply) {
    offered(message.streamAddress(), message.replaceTime());
  }

  void offered(NodeAddress source, long replaceTime) {
    long known = spaces.current().write().clockTime();
    if (replaceTime != 0 && ClockTime.isNewer(known, replaceTime)) {
      log.info("records from {} not fetched: offered for an older hash space", source);
    } else if (ClockTime.isNewer(replaceTime, ClockTime.max(known, told))) {
      if (early.size() < MAX_EARLY) {
        early.put(source, replaceTime);
      }
    } else {
      rejoin.whenMay(Right.RECEIVE, () -> streamLoop.execute(() -> fetch(source)));
    }
  }

  /** A manager has said that records are copied for the hash space of this ClockTime. */
  void told(long replaceTime) {
    told = replaceTime;
    viewInstalled();
  }

  /** What was offered for this view, before it came, is fetched now. */
  void viewInstalled() {
    Map<NodeAddress, Long> waiting = new LinkedHashMap<>(early);
    early.clear();
    waiting.forEach(this::offered);
  }

  private void fetch(NodeAddress source) {
    assert streamLoop.inLoop();
    IncomingStream former = incoming.get(source);
    if (former != null && !former.isSilent()) {
      return;
    }
    if (former != null) {
      log.warn("records from {} are fetched anew: the stream before is silent", source);
      former.stop();
    }
    IncomingStream stream =
        new IncomingStream(
            streamLoop,
            spaces.self(),
            source,
            records.store(),
            clock,
            records.books().coverage(),
            over -> incoming.remove(source, over));
    incoming.put(source, stream);
    stream.start();
  }

  /** Ends all; what was stored stays. On the stream loop. */
  void stop() {
    incoming.values().forEach(IncomingStream::stop);
  }
}
