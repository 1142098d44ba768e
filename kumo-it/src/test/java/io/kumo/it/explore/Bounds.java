package io.kumo.it.explore;

/**
 * How much of everything there is on one path. The cluster begins in term 1, with a committed view
 * that every voter has accepted.
 *
 * @param managers 1 or 2, beside three servers
 * @param terms greatest term
 * @param changes of the view, each takes one server out or in
 * @param restarts of any process, which keeps its durable vote
 * @param restores of the disk of any process, which bring the vote of the beginning back
 * @param ticks steps of the clock, of 0.55 leases each; negative where there are no leases
 * @param servers how many of the three are active at the beginning
 * @param changing bits of the servers that changes take out or in
 * @param extras what else there is
 */
record Bounds(
    int managers,
    int terms,
    int changes,
    int restarts,
    int restores,
    int ticks,
    int servers,
    int changing,
    Extras extras) {

  /** What else there is. */
  enum Extras {
    /** Nothing. */
    NONE,
    /** Answers to the first server's requests for leases may be late. */
    LATE_ANSWERS,
    /** Servers read a record, and tell it in a second step. */
    READS,
    /**
     * The second manager directs at first and is no voter, and one more change makes it the only
     * manager.
     */
    MANAGERS_MOVE
  }

  private static final int NO_LEASES = -1;

  static Bounds of(int managers, int terms, int changes) {
    return new Bounds(managers, terms, changes, 0, 0, NO_LEASES, 3, 0b111, Extras.NONE);
  }

  Bounds restarts(int count) {
    return new Bounds(managers, terms, changes, count, restores, ticks, servers, changing, extras);
  }

  Bounds restores(int count) {
    return new Bounds(managers, terms, changes, restarts, count, ticks, servers, changing, extras);
  }

  Bounds leases(int steps) {
    return new Bounds(
        managers, terms, changes, restarts, restores, steps, servers, changing, extras);
  }

  Bounds from(int active, int mayChange) {
    return new Bounds(
        managers, terms, changes, restarts, restores, ticks, active, mayChange, extras);
  }

  Bounds with(Extras other) {
    return new Bounds(
        managers, terms, changes, restarts, restores, ticks, servers, changing, other);
  }
}
