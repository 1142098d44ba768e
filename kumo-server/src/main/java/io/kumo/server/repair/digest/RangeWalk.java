package io.kumo.server.repair.digest;

import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.RangeDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which ranges of two servers to compare next: those whose digests differ are split until few
 * records are left in them. Decides only.
 *
 * <p>Bounds: the ranges to begin with, and what the last answers split; as the newest are asked for
 * first, that is {@value #ASKED} ranges in {@value #PARTS} parts for each of 16 levels at most.
 */
final class RangeWalk {
  /** Ranges in one question. */
  static final int ASKED = 128;

  /** Into so many parts a range is split. */
  static final int PARTS = 16;

  /** So many records are listed rather than split. */
  static final int FEW = 128;

  /**
   * A range to compare.
   *
   * @param leftovers whether the other server need have nothing in it; what it has may be newer all
   *     the same
   */
  record Part(HashRange range, boolean leftovers) {}

  private final Deque<Part> open = new ArrayDeque<>();
  private final Deque<HashRange> differing = new ArrayDeque<>();
  private long compared;
  private long equalRecords;

  /** Both in the order of hashes. */
  RangeWalk(List<HashRange> shared, List<HashRange> leftovers) {
    shared.forEach(range -> open.add(new Part(range, false)));
    leftovers.forEach(range -> open.add(new Part(range, true)));
  }

  /** The next range that differs; null when the next question has to be asked, if there is one. */
  @Nullable HashRange nextDiffering() {
    return differing.poll();
  }

  /** What to ask the other server; nothing when all has been compared. */
  List<HashRange> question() {
    return open.stream().limit(ASKED).map(Part::range).toList();
  }

  /**
   * What of the ranges of the last question an answer is about.
   *
   * @return null when it cannot be an answer to it
   */
  @Nullable List<HashRange> covered(DigestList answer) {
    List<HashRange> ranges = question();
    int count = answer.digests().size();
    if (count == 0 || count > ranges.size()) {
      return null;
    }
    List<HashRange> covered = new ArrayList<>(ranges.subList(0, count));
    HashRange last = covered.get(count - 1);
    if (answer.cut()) {
      if (Long.compareUnsigned(answer.nextHash(), last.from()) <= 0
          || Long.compareUnsigned(answer.nextHash(), last.to()) > 0) {
        return null;
      }
      covered.set(count - 1, new HashRange(last.from(), answer.nextHash() - 1));
    }
    return covered;
  }

  /**
   * Takes the digests of what is {@link #covered}.
   *
   * @param theirs in order
   * @param ours likewise
   */
  void answered(List<HashRange> covered, List<RangeDigest> theirs, List<RangeDigest> ours) {
    List<Part> unequal = new ArrayList<>();
    for (int i = 0; i < covered.size(); i++) {
      Part asked = open.remove();
      HashRange range = covered.get(i);
      if (range.to() != asked.range().to()) {
        open.addFirst(new Part(new HashRange(range.to() + 1, asked.range().to()), asked.leftovers));
      }
      compared++;
      compare(new Part(range, asked.leftovers), theirs.get(i), ours.get(i), unequal);
    }
    for (int i = unequal.size() - 1; i >= 0; i--) {
      split(unequal.get(i));
    }
  }

  private void compare(Part part, RangeDigest theirs, RangeDigest ours, List<Part> unequal) {
    if (part.leftovers() && theirs.count() == 0) {
      return;
    }
    if (theirs.equals(ours)) {
      equalRecords += part.leftovers() ? 0 : ours.count();
    } else if (isToBeListed(part, theirs.count(), ours.count())) {
      differing.add(part.range());
    } else {
      unequal.add(part);
    }
  }

  /** Where most is missing on one side, smaller ranges would only say so again. */
  private static boolean isToBeListed(Part part, long theirs, long ours) {
    long most = Math.max(theirs, ours);
    boolean lopsided = !part.leftovers() && Math.abs(theirs - ours) > most / 2;
    long width = part.range().to() - part.range().from();
    return most <= FEW || lopsided || Long.compareUnsigned(width, PARTS) < 0;
  }

  /** In order, in front of what is open. */
  private void split(Part part) {
    long from = part.range().from();
    long width = Long.divideUnsigned(part.range().to() - from, PARTS) + 1;
    Deque<Part> parts = new ArrayDeque<>(PARTS);
    while (true) {
      long rest = part.range().to() - from;
      boolean last = Long.compareUnsigned(rest, width) < 0;
      long to = last ? part.range().to() : from + width - 1;
      parts.addFirst(new Part(new HashRange(from, to), part.leftovers()));
      if (last) {
        break;
      }
      from = to + 1;
    }
    parts.forEach(open::addFirst);
  }

  /** Ranges compared so far. */
  long compared() {
    return compared;
  }

  /** Records in ranges that turned out to be equal. */
  long equalRecords() {
    return equalRecords;
  }
}
