package io.kumo.it.sim;

/**
 * What {@link AimedFaults} try to bring about, again and again in the course of a run: a moment in
 * which one rule of votes or leases is all that helps. Each is a schedule that chance would hardly
 * ever draw.
 */
enum Aim {
  /** Both managers start anew, and ask for one term at a time. */
  DUEL(3, 0),
  /** While a view is out its director is left with one server. */
  SPLIT_WHILE_PUBLISHING(3, 0),
  /** While voters wait for the leases of a server that is cut off, one of them starts anew. */
  WAITER_RESTARTED(3, 0),
  /** A server gets its leases late, and cannot send any more when it is taken out. */
  LATE_LEASES(3, 0),
  /** A server is cut off while another is attached, and comes back when that is taken back. */
  ATTACH_AND_CANCEL(4, 1),
  /** A director hears nothing while a view is out that changes the voters, and dies. */
  DEAF_DIRECTOR(3, 0),
  /** The manager that breaks ties dies, and is back when the view without it is out. */
  TIE(4, 0),
  /** A voter gets its old vote back, and meets those who were cut off meanwhile. */
  RESTORED_BACKUP(3, 0);

  private static final int ONE_OF = 8;
  private static final int REST = 2;

  final int servers;
  final int spare;

  Aim(int servers, int spare) {
    this.servers = servers;
    this.spare = spare;
  }

  /**
   * Whether a seed is run with aimed faults, and with no others; every eighth of the later ones.
   */
  static boolean has(long seed) {
    return seed >= World.FIRST_UNRELATED && seed % ONE_OF == REST;
  }

  /** Of a seed that {@link #has} one: each in turn. */
  static Aim of(long seed) {
    return values()[(int) (seed / ONE_OF % values().length)];
  }
}
