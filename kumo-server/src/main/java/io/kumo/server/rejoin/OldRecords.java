package io.kumo.server.rejoin;

/** What becomes of the records that a server has to remove because it was away for too long. */
@FunctionalInterface
public interface OldRecords {
  /** They are gone then: for stores that are no files. */
  OldRecords LET_GO = Runnable::run;

  /**
   * Keeps a copy of them aside, as far as that is possible.
   *
   * @param kept run once, on any thread, when they may be removed: also when they could not be kept
   */
  void keep(Runnable kept);
}
