package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.Reads;
import io.kumo.server.write.Backoff;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.ListReply;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pays what a coordinator owes in the background: compares its records with those of every other
 * server, page by page, and takes over each key that differs. When all have been compared under one
 * write hash space, no key is owed any more. Main loop only.
 *
 * <p>Bounds: it holds one page of its own records and one of another server's, and the keys of
 * these that differ; what only the longer page covers is asked for again.
 *
 * <p>A replica that has answered goes by this server's write hash space and takes writes of nobody
 * else, so what was equal once stays equal. While records are being moved nothing is settled: they
 * are fetched as they are asked for. Nor by a process that nobody has named yet: what it holds may
 * have been deleted while the one before it was gone.
 */
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);
  private static final long FIRST_PAUSE_NS = Duration.ofMillis(200).toNanos();
  private static final long MIN_PAGE_PAUSE_NS = Duration.ofMillis(2).toNanos();
  private static final long MAX_PAGE_PAUSE_NS = Duration.ofMillis(100).toNanos();

  /** A pause is so many times as long as the page before took: longer while others are busy. */
  private static final int GIVE_WAY = 3;

  private static final int MAX_AT_ONCE = 64;

  private final WriteContext context;
  private final Obligations obligations;
  private final KeyGate gate;
  private final RecordLister lister;
  private final Queue<NodeAddress> replicas = new ArrayDeque<>();
  private final Queue<ByteBuf> differing = new ArrayDeque<>();
  private long round;
  private long fromHash;
  private long askedNs;
  private boolean pageDone;
  private boolean comparing;
  private boolean cutShort;
  private boolean opening;
  private int takingOver;
  private int failures;
  private long different;

  Settlement(WriteContext context, Obligations obligations, KeyGate gate) {
    this.context = context;
    this.obligations = obligations;
    this.gate = gate;
    this.lister = new RecordLister(context.store());
  }

  /**
   * The hash spaces changed, or the process has just started: whatever was compared counts no more.
   */
  void restart() {
    round++;
    failures = 0;
    replicas.clear();
    differing.clear();
    takingOver = 0;
    comparing = false;
    cutShort = false;
    different = 0;
    later(FIRST_PAUSE_NS, this::begin);
  }

  private void begin() {
    HashSpaces spaces = context.spaces().current();
    if (spaces.rebalancing() || !context.spaces().isActive()) {
      return;
    }
    if (!context.spaces().lifecycle().isNamed()) {
      later(FIRST_PAUSE_NS, this::begin);
      return;
    }
    for (Node node : spaces.write().nodes()) {
      if (node.active() && !node.address().equals(context.spaces().self())) {
        replicas.add(node.address());
      }
    }
    nextReplica();
  }

  private void nextReplica() {
    fromHash = 0;
    if (replicas.isEmpty()) {
      end();
    } else {
      nextPage();
    }
  }

  private void end() {
    if (cutShort) {
      log.warn(
          "not settled: too many keys share one hash; keys are compared as they are asked for");
      return;
    }
    obligations.settled();
    log.info("settled: {} records differed", different);
  }

  private void nextPage() {
    HashSpace write = context.spaces().current().write();
    Fence fence = new Fence(write.clockTime(), context.spaces().self());
    NodeAddress replica = replicas.element();
    askedNs = context.nowNs();
    context
        .replicas()
        .list(
            replica,
            new ListRecords(fromHash, fence),
            context.limits().callTimeoutNs(),
            new Page(replica, round));
  }

  /**
   * Compares a page with one of what is here, as far as both reach; each lists every record from
   * its first hash to its last. Of keys that are not the replica's it need have nothing; what it
   * has counts when it is newer, as it may be a write in doubt.
   */
  private void compare(NodeAddress replica, RecordList theirs) {
    HashSpace write = context.spaces().current().write();
    RecordList ours = lister.page(write, context.spaces().self(), fromHash);
    RecordList shorter = endsBefore(theirs, ours) ? theirs : ours;
    Map<ByteBuf, Long> own = new HashMap<>();
    for (RecordList.Entry entry : ours.entries()) {
      if (covers(shorter, entry)) {
        own.put(entry.key(), entry.clockTime());
      }
    }
    for (RecordList.Entry entry : theirs.entries()) {
      Long mine = own.remove(entry.key());
      long known = mine == null ? 0 : mine;
      boolean differs = isReplica(write, replica, entry.key()) && entry.clockTime() != known;
      if (covers(shorter, entry) && (differs || ClockTime.isNewer(entry.clockTime(), known))) {
        owe(entry.key());
      }
    }
    own.keySet().stream().filter(key -> isReplica(write, replica, key)).forEach(this::owe);
    cutShort |= RecordLister.isCut(ours) || RecordLister.isCut(theirs);
    comparing = true;
    pageDone = shorter.done();
    fromHash = shorter.nextHash();
    takeOver();
  }

  private static boolean endsBefore(RecordList page, RecordList other) {
    return !page.done()
        && (other.done() || Long.compareUnsigned(page.nextHash(), other.nextHash()) < 0);
  }

  private static boolean covers(RecordList page, RecordList.Entry entry) {
    return page.done() || Long.compareUnsigned(Reads.hash(entry.key()), page.nextHash()) < 0;
  }

  private static boolean isReplica(HashSpace write, NodeAddress replica, ByteBuf key) {
    return write.activeReplicas(Reads.hash(key)).contains(replica);
  }

  /**
   * Also a key that is not owed: a replica may have come back without what was written meanwhile.
   */
  private void owe(ByteBuf key) {
    different++;
    differing.add(ClientWrites.copy(key));
  }

  /** A loop, as a gate that opens at once would nest a call for each key. */
  private void takeOver() {
    if (opening) {
      return;
    }
    opening = true;
    try {
      while (takingOver < MAX_AT_ONCE && !differing.isEmpty()) {
        ByteBuf key = differing.remove();
        takingOver++;
        gate.open(Reads.hash(key), key, new Taken(key, round));
      }
    } finally {
      opening = false;
    }
    if (takingOver == 0 && differing.isEmpty() && comparing) {
      comparing = false;
      later(pagePauseNs(), this::goOn);
    }
  }

  private long pagePauseNs() {
    long tookNs = context.nowNs() - askedNs;
    return Math.min(MAX_PAGE_PAUSE_NS, Math.max(MIN_PAGE_PAUSE_NS, GIVE_WAY * tookNs));
  }

  private void goOn() {
    failures = 0;
    if (pageDone) {
      replicas.remove();
      nextReplica();
    } else {
      nextPage();
    }
  }

  private void retry() {
    failures++;
    later(Backoff.delayNs(failures, context.spaces().self().hashCode()), this::nextPage);
  }

  private void later(long delayNs, Runnable step) {
    long now = round;
    context
        .transport()
        .schedule(
            delayNs,
            () -> {
              if (round == now) {
                step.run();
              }
            });
  }

  /** The answer to one question. */
  private final class Page implements ListReply {
    private final NodeAddress replica;
    private final long asked;

    Page(NodeAddress replica, long asked) {
      this.replica = replica;
      this.asked = asked;
    }

    @Override
    public void listed(RecordList list) {
      if (round != asked) {
        return;
      }
      ClusterView theirs = list.view();
      if (theirs != null) {
        context.fenced(replica, theirs, failures);
        if (round == asked) {
          retry();
        }
        return;
      }
      long from = fromHash;
      boolean goesOn = list.done() || Long.compareUnsigned(list.nextHash(), from) > 0;
      if (!goesOn) {
        retry();
        return;
      }
      try {
        compare(replica, list);
      } catch (StoreException e) {
        log.warn("records cannot be compared yet: {}", e.getMessage());
        retry();
      }
    }

    @Override
    public void unsupported() {
      if (round == asked) {
        pageDone = true;
        goOn();
      }
    }

    @Override
    public void failed(String reason) {
      if (round == asked) {
        retry();
      }
    }
  }

  /** A key that differed. */
  private final class Taken implements KeyGate.Waiter {
    private final ByteBuf key;
    private final long asked;

    Taken(ByteBuf key, long asked) {
      this.key = key;
      this.asked = asked;
    }

    @Override
    public void opened() {
      if (round == asked) {
        takingOver--;
        takeOver();
      }
    }

    @Override
    public void moved() {
      opened();
    }

    @Override
    public void failed(String reason) {
      if (round == asked) {
        takingOver--;
        differing.add(key);
        later(FIRST_PAUSE_NS, Settlement.this::takeOver);
      }
    }
  }
}
