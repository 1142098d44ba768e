package io.kumo.server.store;

import io.kumo.core.log.LogId;
import org.slf4j.Logger;

/**
 * What opening a store took.
 *
 * @param created whether there was none before
 * @param clean whether the store had been closed
 * @param journalsApplied data files that a checkpoint had left half written
 * @param indexesScanned shards whose index was built from the data file
 * @param recordsReplayed changes that the data files lacked
 * @param damagedLogBytes bytes of the redo log that could not be read although they had been
 *     synced; changes are missing when this is not 0
 * @param damagedRecords records with a wrong checksum; not served
 * @param elapsedMs how long it took
 */
public record RecoveryReport(
    boolean created,
    boolean clean,
    int journalsApplied,
    int indexesScanned,
    long recordsReplayed,
    long damagedLogBytes,
    long damagedRecords,
    long elapsedMs) {
  /** Whether changes or records are missing that had been acknowledged. */
  public boolean isDamaged() {
    return damagedLogBytes > 0 || damagedRecords > 0;
  }

  /** Says so in a line, and in another what is missing. */
  public void log(Logger log, String store, long records, long tombstones) {
    log.info(
        "store {} opened in {} ms: {} records, {} tombstones; {}, {} journals applied, {} indexes"
            + " built, {} changes repeated",
        store,
        elapsedMs,
        records,
        tombstones,
        created ? "new" : clean ? "clean" : "not closed before",
        journalsApplied,
        indexesScanned,
        recordsReplayed);
    if (isDamaged()) {
      log.error(
          LogId.STORE_DAMAGED,
          "store {} is damaged: {} bytes of the redo log and {} records cannot be read; they are"
              + " fetched from the replicas",
          store,
          damagedLogBytes,
          damagedRecords);
    }
  }
}
