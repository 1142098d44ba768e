package io.kumo.core.route;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the replicas of a key compared after a read of it went past the coordinator: what was read
 * may be newer than what the coordinator has, or older, or be missing there. The coordinator itself
 * compares, once it answers again; it is cheap when nothing differs. Servers of kumofs 0.4.13
 * cannot be asked.
 *
 * <p>Invariants: a key waits at most once and for a minute; {@link #MAX_WAITING} keys wait; a key
 * is asked for every {@link #PACE_NS}; a coordinator is asked for one key at a time, and rests for
 * a second after an error, so one that hangs neither holds the others up nor is buried. Confined to
 * its event loop.
 */
final class ReadRepair {
  static final int MAX_WAITING = 1_000;
  static final long PACE_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /** How often those that rest are looked at. */
  private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long REST_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long CALL_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LIFETIME_NS = TimeUnit.MINUTES.toNanos(1);
  private static final Logger LOG = LoggerFactory.getLogger(ReadRepair.class);

  private record WaitingKey(long hash, ByteBuf rawKey, long expiresNs) {}

  private final Transport transport;
  private final RingHolder ring;
  private final RouteCounter counter;
  private final Map<Long, WaitingKey> waiting = new LinkedHashMap<>();
  private final Set<NodeAddress> busy = new HashSet<>();
  private boolean ticking;

  ReadRepair(Transport transport, RingHolder ring, RouteCounter counter) {
    this.transport = transport;
    this.ring = ring;
    this.counter = counter;
  }

  /** A replica has answered for this key in place of its coordinator. */
  void add(KeyList keys, int index) {
    long hash = keys.hash(index);
    Target coordinator = ring.coordinator(hash);
    if (coordinator == null || !coordinator.extended() || waiting.containsKey(hash)) {
      return;
    }
    if (waiting.size() == MAX_WAITING) {
      counter.count(RouteEvent.READ_REPAIR_DROPPED);
      return;
    }
    int start = keys.start(index);
    ByteBuf rawKey = Unpooled.copiedBuffer(keys.bytes(), start, keys.end(index) - start);
    waiting.put(hash, new WaitingKey(hash, rawKey, nowNs() + LIFETIME_NS));
    counter.count(RouteEvent.READ_REPAIR_QUEUED);
    tickAfter(PACE_NS);
  }

  private void tickAfter(long delayNs) {
    if (!ticking && !waiting.isEmpty()) {
      ticking = true;
      transport.schedule(delayNs, this::tick);
    }
  }

  private void tick() {
    ticking = false;
    long againNs = IDLE_NS;
    try {
      dropExpired();
      againNs = askForOne() ? PACE_NS : IDLE_NS;
    } finally {
      tickAfter(againNs);
    }
  }

  /** The oldest come first, and all live equally long. */
  private void dropExpired() {
    Iterator<WaitingKey> oldest = waiting.values().iterator();
    while (oldest.hasNext() && oldest.next().expiresNs() - nowNs() <= 0) {
      oldest.remove();
      counter.count(RouteEvent.READ_REPAIR_DROPPED);
      LOG.debug("the coordinator of a key stayed away too long to compare its replicas");
    }
  }

  private boolean askForOne() {
    for (WaitingKey key : waiting.values()) {
      Target coordinator = ring.coordinator(key.hash());
      if (coordinator != null && busy.add(coordinator.address())) {
        ask(coordinator, key);
        return true;
      }
    }
    return false;
  }

  private void ask(Target coordinator, WaitingKey key) {
    if (!coordinator.extended()) {
      busy.remove(coordinator.address());
      waiting.remove(key.hash());
      counter.count(RouteEvent.READ_REPAIR_DROPPED);
      return;
    }
    RepairRecord message = new RepairRecord(Method.COMPARE_RECORD, key.rawKey());
    coordinator
        .peer()
        .call(message, CALL_TIMEOUT_NS, new ComparisonReply(coordinator.address(), key));
  }

  private long nowNs() {
    return transport.time().nanoTime();
  }

  private final class ComparisonReply implements ReplyHandler {
    private final NodeAddress coordinator;
    private final WaitingKey key;

    ComparisonReply(NodeAddress coordinator, WaitingKey key) {
      this.coordinator = coordinator;
      this.key = key;
    }

    /** One that coordinates the key no more leaves it to one that takes it over, and compares. */
    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      boolean compares = MsgPack.readBool(result);
      LOG.debug("{} {} the replicas of a key", coordinator, compares ? "compares" : "leaves alone");
      busy.remove(coordinator);
      if (waiting.remove(key.hash(), key)) {
        counter.count(RouteEvent.READ_REPAIR_SENT);
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      LOG.debug("{} cannot compare replicas yet: {} {}", coordinator, code, detail);
      transport.schedule(REST_NS, () -> busy.remove(coordinator));
    }
  }
}
