package io.kumo.it.explore;

/** Four bits each of the last int of a state: what {@link Bounds} bounds. */
enum Counter {
  CHANGES(0),
  RESTARTS(4),
  RESTORES(8),
  TICKS(12);

  private final int shift;

  Counter(int shift) {
    this.shift = shift;
  }

  int of(int counters) {
    return counters >>> shift & 0xf;
  }

  int more(int counters) {
    return counters + (1 << shift);
  }
}
