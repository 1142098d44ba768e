package io.kumo.it.sim;

/** What can go wrong. */
enum FaultKind {
  /** kill -9 of a server, and a start later on the same disk. */
  KILL_SERVER,
  /** A server's machine loses power, and with it what was not synced; a start later. */
  POWER_LOSS,
  /** A server dies with its disk; a start later on an empty one. */
  LOSE_DISK,
  /** SIGSTOP of a server, and SIGCONT later. */
  PAUSE_SERVER,
  /** kill -9 of a manager, and a start later. */
  KILL_MANAGER,
  /** kill -9 of all managers, and a start of each later. */
  KILL_ALL_MANAGERS,
  /** SIGSTOP of a manager, and SIGCONT later. */
  PAUSE_MANAGER,
  /** kill -9 of a gateway, and a start later. */
  KILL_GATEWAY,
  /** SIGSTOP of a gateway, and SIGCONT later. */
  PAUSE_GATEWAY,
  /**
   * No traffic between two hosts, in one direction or both, for less than it takes to be noticed.
   */
  SHORT_CUT,
  /** A server cannot talk to some others, in one direction or both, for long. */
  CUT_SERVER,
  /** The managers cannot talk to each other, and each only to some servers, for long. */
  CUT_MANAGERS,
  /** Everything to and from a host takes longer. */
  SLOW_HOST,
  /** The connections between two hosts break, and what they carry is lost. */
  BREAK_LINKS,
  /** A host's wall clock jumps by less than the skew allowed. */
  CLOCK_JUMP,
  /** Two groups of all processes cannot talk to each other, in one direction or both, for long. */
  SPLIT,
  /** kill -9 of all servers of one zone, and a start of each later on the same disk. */
  KILL_ZONE,
  /** A server's disk has no room for records, and some again later. */
  FULL_DISK
}
