package io.kumo.it.chaos;

/** What happens in a round. */
enum Fault {
  /** SIGKILL of a server, and a new process on its data. */
  KILL_SERVER(false),
  /** SIGSTOP of a server, for shorter or longer than it takes to be called fault. */
  HANG_SERVER(true),
  /** SIGKILL of a manager, and a new process. */
  KILL_MANAGER(false),
  /** SIGSTOP of a manager. */
  HANG_MANAGER(true),
  /** SIGKILL of both managers; they return in any order. */
  KILL_BOTH_MANAGERS(false),
  /** A server dies, is detached, and comes back as a stranger. */
  DETACH(false),
  /** While a server is given its records back another one is killed. */
  KILL_WHILE_ATTACHING(false),
  /** While a server is given its records back another one hangs. */
  HANG_WHILE_ATTACHING(true),
  /** While a server is given its records back a manager is killed. */
  KILL_MANAGER_WHILE_ATTACHING(false);

  private final boolean hangs;

  Fault(boolean hangs) {
    this.hangs = hangs;
  }

  /**
   * Whether somebody is alive but cannot be reached: reads that fall through to another replica may
   * then be old; writes are promised all the same.
   */
  boolean hangs() {
    return hangs;
  }
}
