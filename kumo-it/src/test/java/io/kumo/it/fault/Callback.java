package io.kumo.it.fault;

/** Where a loop calls back, named as the log names it. */
enum Callback {
  /** What another thread has it run. */
  TASK("task"),
  /** What it runs once, later. */
  TIMER("timer"),
  /** What it runs again and again. */
  REPEATED("timer"),
  /** What it runs when a batch of events is done. */
  BATCH_END("end of a batch"),
  /** The making of a listener for a connection that was accepted. */
  ACCEPTED("accepting"),
  /** A listener hears that its connection is open. */
  OPENED("link"),
  /** A listener is given bytes. */
  RECEIVED("link"),
  /** A listener hears that its connection has ended. */
  CLOSED("link");

  private final String kind;

  Callback(String kind) {
    this.kind = kind;
  }

  String kind() {
    return kind;
  }
}
