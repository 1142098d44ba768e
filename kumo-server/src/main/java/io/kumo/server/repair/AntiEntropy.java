package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.replica.ListReply;
import io.kumo.server.replica.ReplicaBackoff;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Anti-entropy: verifies in the background what a coordinator holds. Compares its records with
 * those of every other server, page by page, and recovers each key that differs. When all have been
 * compared under one write hash space, no key is unverified any more. Main loop only.
 *
 * <p>Bounds: it holds one page of its own records and one of another server's, and the keys of
 * these that differ; what only the longer page covers is asked for again.
 *
 * <p>A replica that has answered has installed this server's write hash space and takes writes of
 * nobody else, so what was equal once stays equal. While records are being moved nothing is
 * compared: they are fetched as they are asked for. Nor by a process that nobody has named yet:
 * what it holds may have been deleted while the one before it was gone.
 */
final class AntiEntropy {
  private static final Logger log = LoggerFactory.getLogger(AntiEntropy.class);
  private static final long FIRST_PAUSE_NS = Duration.ofMillis(200).toNanos();
  private static final long MIN_PAGE_PAUSE_NS = Duration.ofMillis(2).toNanos();
  private static final long MAX_PAGE_PAUSE_NS = Duration.ofMillis(100).toNanos();

  /** A pause is so many times as long as the page before took: longer while others are busy. */
  private static final int THROTTLE_FACTOR = 3;

  private static final int MAX_AT_ONCE = 64;

  private final WriteContext context;
  private final UnverifiedRanges unverified;
  private final KeyGate gate;
  private final RecordLister lister;
  private final Queue<NodeAddress> replicas = new ArrayDeque<>();

  /**
   * Keys that wait to be recovered; also verified ones, as a replica may have come back without
   * what was written meanwhile.
   */
  private final Queue<ByteBuf> differing = new ArrayDeque<>();

  /** Counts restarts: what was begun before the last one comes to nothing. */
  private long run;

  private long fromHash;
  private long askedNs;

  /** Whose keys are being recovered; null before there is an answer, and after. */
  private @Nullable PageComparison page;

  private boolean cutShort;
  private boolean opening;
  private int recovering;
  private int failures;
  private long different;

  AntiEntropy(WriteContext context, UnverifiedRanges unverified, KeyGate gate) {
    this.context = context;
    this.unverified = unverified;
    this.gate = gate;
    this.lister = new RecordLister(context.store());
  }

  /**
   * The hash spaces changed, or the process has just started: whatever was compared counts no more.
   */
  void restart() {
    run++;
    failures = 0;
    replicas.clear();
    differing.clear();
    recovering = 0;
    page = null;
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
          "anti-entropy cut short: too many keys share one hash; they are compared as they are"
              + " asked for");
      return;
    }
    unverified.allVerified();
    log.info("anti-entropy done: {} records differed", different);
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
            new AskedPage(replica, run));
  }

  private void compare(NodeAddress replica, RecordList theirs) {
    HashSpace write = context.spaces().current().write();
    RecordList ours = lister.page(write, context.spaces().self(), fromHash);
    PageComparison compared = PageComparison.of(write, replica, ours, theirs);
    different += compared.differing().size();
    differing.addAll(compared.differing());
    cutShort |= compared.cut();
    fromHash = compared.nextHash();
    page = compared;
    recoverDiffering();
  }

  /** A loop, as a gate that opens at once would nest a call for each key. */
  private void recoverDiffering() {
    if (opening) {
      return;
    }
    opening = true;
    try {
      while (recovering < MAX_AT_ONCE && !differing.isEmpty()) {
        ByteBuf key = differing.remove();
        recovering++;
        gate.open(RawKey.hash(key), key, new RecoveredKey(key, run));
      }
    } finally {
      opening = false;
    }
    PageComparison compared = page;
    if (recovering == 0 && differing.isEmpty() && compared != null) {
      page = null;
      later(pagePauseNs(), () -> goOn(compared.done()));
    }
  }

  private long pagePauseNs() {
    long tookNs = context.nowNs() - askedNs;
    return Math.min(MAX_PAGE_PAUSE_NS, Math.max(MIN_PAGE_PAUSE_NS, THROTTLE_FACTOR * tookNs));
  }

  private void goOn(boolean replicaDone) {
    failures = 0;
    if (replicaDone) {
      replicas.remove();
      nextReplica();
    } else {
      nextPage();
    }
  }

  private void retry() {
    failures++;
    later(ReplicaBackoff.delayNs(failures, context.spaces().self().hashCode()), this::nextPage);
  }

  private void later(long delayNs, Runnable step) {
    long now = run;
    context
        .transport()
        .schedule(
            delayNs,
            () -> {
              if (run == now) {
                step.run();
              }
            });
  }

  /** The answer to one question. */
  private final class AskedPage implements ListReply {
    private final NodeAddress replica;
    private final long asked;

    AskedPage(NodeAddress replica, long asked) {
      this.replica = replica;
      this.asked = asked;
    }

    @Override
    public void listed(RecordList list) {
      if (run != asked) {
        return;
      }
      ClusterView theirs = list.view();
      if (theirs != null) {
        context.fenced(replica, theirs, failures);
        if (run == asked) {
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
      if (run == asked) {
        goOn(true);
      }
    }

    @Override
    public void failed(String reason) {
      if (run == asked) {
        retry();
      }
    }
  }

  /** A key that differed. */
  private final class RecoveredKey implements KeyGate.Waiter {
    private final ByteBuf key;
    private final long asked;

    RecoveredKey(ByteBuf key, long asked) {
      this.key = key;
      this.asked = asked;
    }

    @Override
    public void opened() {
      if (run == asked) {
        recovering--;
        recoverDiffering();
      }
    }

    @Override
    public void moved() {
      opened();
    }

    @Override
    public void failed(String reason) {
      if (run == asked) {
        recovering--;
        differing.add(key);
        later(FIRST_PAUSE_NS, AntiEntropy.this::recoverDiffering);
      }
    }
  }
}
