package io.kumo.server.repair.digest;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.RangeDigest;
import io.kumo.server.replica.DigestReply;
import io.kumo.server.store.StoreException;
import io.kumo.server.transfer.BackgroundThrottle;
import io.kumo.server.write.round.WriteContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what this server has in some ranges with what another has, and tells where they differ,
 * a range of few records at a time. Main loop only.
 *
 * <p>The other one adds up first, then this one: while writes go on, a range counts as equal when
 * it was so between the two. Bounds: one question at a time, of {@link RangeWalk#ASKED} ranges;
 * what is found waits until it is asked for by {@link #next}.
 */
public final class DigestComparison {
  /** Hears what {@link #next} found; one method is called for each call of that, on the loop. */
  public interface Listener {
    /** Records in this range differ, or did a moment ago. */
    void differs(HashRange range);

    /** Everything has been compared. */
    void compared();

    /** The other server has installed other hash spaces; the next call asks again. */
    void refused(PublishedSpaces theirs);

    /** The other server cannot tell. */
    void unsupported();

    /** No answer, or the store cannot be read; the next call asks again. */
    void failed(String reason);
  }

  /**
   * What is compared with whom.
   *
   * @param other the other server
   * @param write hash space by which this server asks
   * @param depth how much of each record
   * @param copies as in {@link DigestRanges}
   * @param shared where both are to have the same
   * @param leftovers where the other one need have nothing
   */
  public record Subject(
      NodeAddress other,
      HashSpace write,
      DigestDepth depth,
      boolean copies,
      List<HashRange> shared,
      List<HashRange> leftovers) {
    /** What a coordinator asks another server: what it coordinates, whether owned there or not. */
    public static Subject coordinated(HashSpace write, NodeAddress self, NodeAddress other) {
      return new Subject(
          other,
          write,
          DigestDepth.KEYS,
          false,
          HashRange.where(
              hash ->
                  self.equals(write.coordinator(hash))
                      && write.activeReplicas(hash).contains(other),
              write),
          HashRange.where(
              hash ->
                  self.equals(write.coordinator(hash))
                      && !write.activeReplicas(hash).contains(other),
              write));
    }
  }

  private static final long MIN_PAUSE_NS = Duration.ofMillis(2).toNanos();
  private static final long MAX_PAUSE_NS = Duration.ofMillis(100).toNanos();
  private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

  /** A pause is so many times as long as the question before took. */
  private static final int THROTTLE_FACTOR = 3;

  /** How long to let others work between two questions. */
  public interface Pace {
    /** So many times as long as the question took, within bounds. */
    Pace POLITE =
        (tookNs, records) ->
            Math.min(MAX_PAUSE_NS, Math.max(MIN_PAUSE_NS, THROTTLE_FACTOR * tookNs));

    /**
     * The pause, in nanoseconds.
     *
     * @param tookNs for the last question and for adding up here
     * @param records that it was about
     */
    long pauseNs(long tookNs, long records);

    /** So many records a second at most. */
    static Pace ofRate(long recordsPerSecond) {
      return (tookNs, records) ->
          Math.max(MIN_PAUSE_NS, records * SECOND_NS / recordsPerSecond - tookNs);
    }
  }

  private final WriteContext context;
  private final RangeDigester.Source source;
  private final Subject subject;
  private final Pace pace;
  private final RangeWalk walk;
  private @Nullable Listener listener;
  private long askedNs;

  public DigestComparison(WriteContext context, Subject subject) {
    this(context, subject, Pace.POLITE);
  }

  public DigestComparison(WriteContext context, Subject subject, Pace pace) {
    this.pace = pace;
    this.context = context;
    this.source = source(context);
    this.subject = subject;
    this.walk = new RangeWalk(subject.shared(), subject.leftovers());
  }

  static RangeDigester.Source source(WriteContext context) {
    BackgroundThrottle throttle = BackgroundThrottle.beside(context.metrics(), context.nowNs());
    return new RangeDigester.Source(context.transport(), context.store(), throttle);
  }

  /** Looks for the next difference, in this call or later. */
  public void next(Listener hearer) {
    assert context.transport().inLoop();
    listener = hearer;
    go();
  }

  /** Nothing is told any more. */
  public void cancel() {
    listener = null;
  }

  /** Ranges compared so far, each a few bytes on the wire. */
  public long ranges() {
    return walk.compared();
  }

  /** Records of shared ranges that turned out to be equal. */
  public long equalRecords() {
    return walk.equalRecords();
  }

  private void go() {
    if (listener == null) {
      return;
    }
    HashRange range = walk.nextDiffering();
    if (range != null) {
      end().differs(range);
      return;
    }
    List<HashRange> question = walk.question();
    if (question.isEmpty()) {
      end().compared();
      return;
    }
    askedNs = context.nowNs();
    Fence fence = new Fence(subject.write().clockTime(), context.spaces().self());
    context
        .replicas()
        .digest(
            subject.other(),
            new DigestRanges(question, subject.depth(), subject.copies(), fence),
            context.limits().callTimeoutNs(),
            new Answer());
  }

  private Listener end() {
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("nobody asked");
    }
    listener = null;
    return told;
  }

  private void answered(DigestList theirs) {
    List<HashRange> covered = walk.covered(theirs);
    if (covered == null) {
      end().failed("an answer to another question");
      return;
    }
    new Own(covered, theirs).next();
  }

  private void compare(List<HashRange> covered, DigestList theirs, List<RangeDigest> ours) {
    walk.answered(covered, theirs.digests(), ours);
    long tookNs = context.nowNs() - askedNs;
    long records = ours.stream().mapToLong(RangeDigest::count).sum();
    context.transport().schedule(pace.pauseNs(tookNs, records), this::go);
  }

  /** The answer to the question. */
  private final class Answer implements DigestReply {
    @Override
    public void digested(DigestList theirs) {
      PublishedSpaces view = theirs.view();
      if (listener == null) {
        return;
      }
      if (view != null) {
        end().refused(view);
      } else {
        answered(theirs);
      }
    }

    @Override
    public void unsupported() {
      if (listener != null) {
        end().unsupported();
      }
    }

    @Override
    public void failed(String reason) {
      if (listener != null) {
        end().failed(reason);
      }
    }
  }

  /**
   * What this server has of the same ranges. Where the other one has nothing the values do not
   * matter, so they are not read.
   */
  private final class Own implements RangeDigester.Digested {
    private final List<HashRange> covered;
    private final DigestList theirs;
    private final List<RangeDigest> ours = new ArrayList<>();

    Own(List<HashRange> covered, DigestList theirs) {
      this.covered = covered;
      this.theirs = theirs;
    }

    private boolean isEmptyThere(int at) {
      return theirs.digests().get(at).count() == 0;
    }

    /** Adds up the next ranges that are alike in this. */
    void next() {
      int from = ours.size();
      int to = from;
      while (to < covered.size() && isEmptyThere(to) == isEmptyThere(from)) {
        to++;
      }
      DigestDepth depth = isEmptyThere(from) ? DigestDepth.KEYS : subject.depth();
      source.digest(covered.subList(from, to), depth, Long.MAX_VALUE, this);
    }

    @Override
    public void digested(List<RangeDigest> digests, boolean cut, long nextHash) {
      ours.addAll(digests);
      if (listener == null) {
        return;
      }
      if (ours.size() < covered.size()) {
        context.transport().atNextTurn(this::next);
      } else {
        compare(covered, theirs, ours);
      }
    }

    @Override
    public void failed(StoreException e) {
      if (listener != null) {
        end().failed(String.valueOf(e.getMessage()));
      }
    }
  }
}
