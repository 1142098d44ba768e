package io.kumo.core.clock;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * A hybrid logical clock that issues {@link ClockTime}s.
 *
 * <p>Invariants: {@link #next} is greater than every ClockTime issued or observed before; the
 * seconds never step back, even when the system's clock does; the counter goes on when the second
 * changes, because kumofs 0.4.13 peers compare only counters within 5 s. When the counter wraps, or
 * an observed ClockTime is ahead of it, the seconds move on by one instead.
 *
 * <p>Counters are compared as serial numbers (the difference as a signed 32-bit number), so that a
 * clock that wrapped is ahead of one that did not. Thread-safe.
 */
public class HybridClock {

  private static final long MAX_COUNTER = 0xffff_ffffL;

  private final TimeSource time;

  @GuardedBy("this")
  private long last;

  @GuardedBy("this")
  private int counter;

  public HybridClock(TimeSource time) {
    this.time = time;
  }

  /** The order of ClockTimes; another one only where a test is to show what it leads to. */
  protected boolean isNewer(long clockTime, long than) {
    return ClockTime.isNewer(clockTime, than);
  }

  /** A ClockTime greater than every one issued or observed. */
  public synchronized long next() {
    long seconds = Math.max(time.unixMillis() / 1000, ClockTime.seconds(last));
    counter++;
    long candidate = ClockTime.of(seconds, counter);
    if (!isNewer(candidate, last)) {
      candidate = ClockTime.of(seconds + 1, counter);
    }
    last = candidate;
    return candidate;
  }

  /**
   * A ClockTime that is also greater than that of the record it replaces.
   *
   * @throws IllegalStateException if {@code stored} is the greatest 64-bit number
   */
  public synchronized long nextAfter(long stored) {
    long next = next();
    if (isNewer(next, stored)) {
      return next;
    }
    if (stored == -1) {
      throw new IllegalStateException("no ClockTime is greater than the stored one");
    }
    observe(stored + 1);
    return stored + 1;
  }

  /**
   * Makes every later {@link #next} greater than {@code clockTime}, unless that is further ahead of
   * the machine's clock than {@link ClockTime#MAX_AHEAD_SECONDS}: no honest process sends such, and
   * going by them would in the end leave no room above. It does not matter how far this clock is
   * ahead already, or it could be led on by a day at a time.
   */
  public synchronized void observe(long clockTime) {
    if (ClockTime.isTooFarAhead(clockTime, time.unixMillis())) {
      return;
    }
    observeCounter(ClockTime.counter(clockTime));
    last = isNewer(last, clockTime) ? last : clockTime;
  }

  /** Raises the counter to that of a peer, which sent it as the {@code clock} of a message. */
  public synchronized void observeCounter(int peerCounter) {
    boolean untouched = last == 0 && counter == 0;
    if (untouched || peerCounter - counter > 0) {
      counter = peerCounter;
    }
  }

  /**
   * Takes the {@code clock} element of a message: a kumofs 0.4.13 peer sends its 32-bit counter, an
   * extended peer the whole ClockTime.
   */
  public void observeMessageClock(long clock) {
    if (Long.compareUnsigned(clock, MAX_COUNTER) > 0) {
      observe(clock);
    } else {
      observeCounter((int) clock);
    }
  }

  /** The counter issued or observed last, unsigned. */
  public synchronized int counter() {
    return counter;
  }

  /** The greatest ClockTime issued or observed; 0 if none. */
  public synchronized long last() {
    return last;
  }
}
