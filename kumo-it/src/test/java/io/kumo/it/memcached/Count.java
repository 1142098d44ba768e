package io.kumo.it.memcached;

/**
 * What became of a counter.
 *
 * @param number unsigned; 0 unless done
 */
record Count(Outcome outcome, long number) {
  static Count of(long number) {
    return new Count(Outcome.DONE, number);
  }

  static Count not(Outcome outcome) {
    return new Count(outcome, 0);
  }
}
