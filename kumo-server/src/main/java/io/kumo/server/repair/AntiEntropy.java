package io.kumo.server.repair;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.replica.ReplicaBackoff;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Anti-entropy: verifies in the background what a coordinator holds. Compares its records with
 * those of every other server, by digests of ranges, key by key where these differ, and recovers
 * each key that differs. When all have been compared under one write hash space, no key is
 * unverified any more. Main loop only. A server that cannot tell digests is compared key by key.
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

  private final WriteContext context;
  private final UnverifiedRanges unverified;
  private final KeyGate gate;

  /** What was begun at the last restart; what others before it began comes to nothing. */
  private Run run;

  AntiEntropy(WriteContext context, UnverifiedRanges unverified, KeyGate gate) {
    this.context = context;
    this.unverified = unverified;
    this.gate = gate;
    this.run = new Run();
  }

  /**
   * The hash spaces changed, or the process has just started: whatever was compared counts no more.
   */
  void restart() {
    run.cancel();
    run = new Run();
    run.later(FIRST_PAUSE_NS, run::begin);
  }

  /** A comparison with all others under one write hash space. */
  private final class Run {
    private final Queue<NodeAddress> others = new ArrayDeque<>();
    private final DifferingKeys differing = new DifferingKeys(context, gate);
    private HashSpace write = HashSpace.EMPTY;
    private boolean cancelled;
    private boolean cutShort;
    private int failures;
    private long different;
    private long ranges;

    void cancel() {
      cancelled = true;
      differing.cancel();
    }

    void begin() {
      HashSpaces spaces = context.spaces().current();
      if (spaces.rebalancing() || !context.spaces().isActive()) {
        return;
      }
      if (!context.spaces().lifecycle().isNamed()) {
        later(FIRST_PAUSE_NS, this::begin);
        return;
      }
      write = spaces.write();
      for (Node node : write.nodes()) {
        if (node.active() && !node.address().equals(context.spaces().self())) {
          others.add(node.address());
        }
      }
      nextOther();
    }

    private void nextOther() {
      NodeAddress other = others.poll();
      if (other == null) {
        end();
      } else {
        new Pair(other).nextRange();
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
      log.info("anti-entropy done: {} records differed, {} ranges compared", different, ranges);
    }

    void later(long delayNs, Runnable step) {
      context
          .transport()
          .schedule(
              delayNs,
              () -> {
                if (!cancelled) {
                  step.run();
                }
              });
    }

    /** Asks again, later; soon after a view came that the other one may be the first to have. */
    private void retry(Runnable step) {
      failures++;
      later(ReplicaBackoff.delayNs(failures, context.spaces().self().hashCode()), step);
    }

    /** The comparison with one other server. */
    private final class Pair implements DigestComparison.Listener {
      private final NodeAddress other;
      private final DigestComparison digests;

      Pair(NodeAddress other) {
        this.other = other;
        NodeAddress self = context.spaces().self();
        this.digests =
            new DigestComparison(context, DigestComparison.Subject.coordinated(write, self, other));
      }

      void nextRange() {
        digests.next(this);
      }

      private void over() {
        if (!cancelled) {
          ranges += digests.ranges();
          failures = 0;
          nextOther();
        }
      }

      @Override
      public void differs(HashRange range) {
        if (!cancelled) {
          new Listed(range, this::nextRange).nextPage();
        }
      }

      @Override
      public void compared() {
        over();
      }

      @Override
      public void refused(PublishedSpaces theirs) {
        refusedBy(other, theirs, this::nextRange);
      }

      @Override
      public void unsupported() {
        if (!cancelled) {
          new Listed(HashRange.ALL, this::over).nextPage();
        }
      }

      @Override
      public void failed(String reason) {
        if (!cancelled) {
          log.debug("no digests of {}: {}", other, reason);
          retry(this::nextRange);
        }
      }

      /** A range that is compared key by key. */
      private final class Listed implements RangeListing.Listener {
        private final RangeListing listing;
        private final Runnable done;
        private long askedNs;

        Listed(HashRange range, Runnable done) {
          this.listing = new RangeListing(context, other, write, range);
          this.done = done;
        }

        void nextPage() {
          askedNs = context.nowNs();
          listing.next(this);
        }

        @Override
        public void compared(PageComparison page) {
          if (cancelled) {
            return;
          }
          failures = 0;
          different += page.differing().size();
          cutShort |= page.cut();
          Runnable next = page.done() ? done : this::nextPage;
          differing.recover(page.differing(), () -> later(pauseNs(), next));
        }

        private long pauseNs() {
          long tookNs = context.nowNs() - askedNs;
          return Math.min(MAX_PAGE_PAUSE_NS, Math.max(MIN_PAGE_PAUSE_NS, THROTTLE_FACTOR * tookNs));
        }

        @Override
        public void refused(PublishedSpaces theirs) {
          refusedBy(other, theirs, this::nextPage);
        }

        @Override
        public void unsupported() {
          if (!cancelled) {
            done.run();
          }
        }

        @Override
        public void failed(String reason) {
          if (!cancelled) {
            log.debug("no list of {}: {}", other, reason);
            retry(this::nextPage);
          }
        }
      }
    }

    private void refusedBy(NodeAddress other, PublishedSpaces theirs, Runnable step) {
      if (!cancelled) {
        context.fenced(other, theirs, failures);
      }
      if (!cancelled) {
        retry(step);
      }
    }
  }
}
