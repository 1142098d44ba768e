package io.kumo.core.route;

import io.kumo.core.clock.ClockTime;

/**
 * Finds out the ClockTime of a tombstone that a server of kumofs 0.4.13 does not show. What that
 * tells is whether the record, a tombstone or not, is as old as a given ClockTime or older, in its
 * own order: by the seconds alone when they are five apart or more, else by the counters alone, and
 * these the other way round when one is below 2^10 and the other above 2^22.
 *
 * <p>So the seconds at which the answer changes are the record's own and a known distance, once it
 * is known on which side of the counter asked with its own is; then the counter is looked for
 * within these seconds. Both begin where tombstones mostly are and go on in doubling steps, so that
 * a search takes about twice as many questions as the age in seconds and the counter have bits, and
 * never more than {@link #MAX_QUESTIONS}.
 *
 * <p>An equal ClockTime counts as older, which can mislead a search that meets the record's very
 * own early, and so can a record that changes meanwhile. What was found is thus compared by who
 * uses it, and another search asks with another counter.
 */
final class TombstoneSearch {
  /** More are never asked: 63 for the seconds, 64 for the counter, and two. */
  static final int MAX_QUESTIONS = 129;

  /** How far a search has come. */
  enum State {
    ASKING,
    /** There is no record at all. */
    ABSENT,
    FOUND
  }

  private enum Question {
    PRESENT,
    SECONDS,
    SIDE,
    COUNTER
  }

  private static final int MARGIN_SECONDS = 5;
  private static final long LAST_SECOND = (1L << 32) - 1;
  private static final long COUNTERS = 1L << 32;

  /** From here to 2^22 counters are compared with any other as the numbers that they are. */
  private static final int FIRST_PLAIN_COUNTER = 1 << 10;

  private static final long FIRST_STEP = 8;

  private final int pivot;
  private final LowestYes firstSecond;
  private Question question = Question.PRESENT;
  private State state = State.ASKING;
  private long seconds;
  private LowestYes firstGreater;

  /**
   * @param nowSeconds unix time, about; the search begins there
   * @param attempt 0 to 2^20, another one for each search for the same record
   */
  TombstoneSearch(long nowSeconds, int attempt) {
    pivot = FIRST_PLAIN_COUNTER + attempt;
    firstSecond = new LowestYes(-1, LAST_SECOND, nowSeconds + MARGIN_SECONDS);
    firstGreater = new LowestYes(0, pivot, pivot / 2);
  }

  State state() {
    return state;
  }

  /** What was found. */
  long clockTime() {
    return ClockTime.of(seconds, (int) (firstGreater.lowest() - 1));
  }

  /** What to ask next: is the record as old as this? */
  long next() {
    return switch (question) {
      case PRESENT -> ClockTime.of(LAST_SECOND, pivot);
      case SECONDS -> ClockTime.of(firstSecond.next(), pivot);
      case SIDE -> ClockTime.of(firstSecond.lowest(), 0);
      // Beside the record's own second, so that nothing asked is equal to it.
      case COUNTER -> ClockTime.of(seconds + 1, (int) firstGreater.next());
    };
  }

  /** The answer to what {@link #next} gave. */
  void answer(boolean yes) {
    switch (question) {
      case PRESENT -> {
        state = yes ? State.ASKING : State.ABSENT;
        question = Question.SECONDS;
      }
      case SECONDS -> {
        firstSecond.answer(yes);
        question = firstSecond.known() ? Question.SIDE : Question.SECONDS;
      }
      case SIDE -> side(!yes);
      case COUNTER -> {
        firstGreater.answer(yes);
        state = firstGreater.known() ? State.FOUND : State.ASKING;
      }
    }
  }

  /**
   * Below the pivot, all seconds near the record's own were answered with yes, and are with no for
   * counter 0; else none was, and these begin after them.
   */
  private void side(boolean belowPivot) {
    long changed = firstSecond.lowest();
    seconds = belowPivot ? changed + MARGIN_SECONDS - 1 : changed - MARGIN_SECONDS;
    if (!belowPivot) {
      firstGreater = new LowestYes(pivot, COUNTERS, pivot + FIRST_STEP);
    }
    question = Question.COUNTER;
  }

  /** Looks for the lowest number whose answer is yes; that of all above it is yes, too. */
  private static final class LowestYes {
    private final long least;
    private final long most;
    private long no;
    private long yes;
    private long next;
    private long step = FIRST_STEP;

    /**
     * @param no its answer is known
     * @param yes its answer is known
     */
    LowestYes(long no, long yes, long first) {
      this.least = no;
      this.most = yes;
      this.no = no;
      this.yes = yes;
      this.next = Math.max(no + 1, Math.min(first, yes - 1));
    }

    long next() {
      return next;
    }

    boolean known() {
      return yes - no == 1;
    }

    long lowest() {
      return yes;
    }

    void answer(boolean isYes) {
      if (isYes) {
        yes = next;
      } else {
        no = next;
      }
      if (no == least) {
        next = Math.max(no + 1, yes - step);
      } else if (yes == most) {
        next = Math.min(yes - 1, no + step);
      } else {
        next = no + (yes - no) / 2;
      }
      step *= 2;
    }
  }
}
