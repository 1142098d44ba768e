package io.kumo.server.metrics;

import java.util.Locale;

/**
 * Everything that a server counts since it started, in one place; the name on the outside is
 * derived.
 */
public enum ServerMetric {
  GETS("Reads answered, as cmd_get of kumofs 0.4.13 counts them."),
  SETS("Writes that this server coordinated to their end."),
  DELETES("Deletes that this server coordinated to their end."),
  NOT_RESPONSIBLE("Reads and writes turned away because another node is responsible."),
  OVERLOADED("Reads and writes turned away because too many were pending."),
  ABANDONED("Reads and writes dropped before they began, because nobody waited for them any more."),
  WRITE_TIMED_OUT("Writes not acknowledged by their deadline."),
  WRITE_UNKNOWN("Writes whose outcome nobody knows."),
  WRITE_REPEATED("Writes that were answered from the memory of request ids."),
  REPLICATION_FAILED("Replicas given up after all retries."),
  FENCED("Replicas that turned this coordinator away because of the hash spaces."),
  FENCED_OFF("Coordinators that this replica turned away because of the hash spaces."),
  REPLICA_HAD_NEWER("Writes that met a newer record at a replica."),
  REPLICATED("Records stored as a replica."),
  REPLICATED_OLDER("Records that came as a replica and were not newer."),
  RECOVERED("Keys whose newest record was asked for after a failover."),
  PULLED("Keys pulled from the read hash space in a rebalance."),
  PULL_FAILED("Keys whose newest record could not be had."),
  REPAIRED("Keys whose replicas were compared and made equal."),
  REPAIR_DROPPED("Keys that waited for repair when the queue was full."),
  COPIED("Records streamed to servers that are to have them."),
  COPY_SPARED("Records offered to servers that turned out to have them."),
  STORE_BUSY("Writes that the store was not ready for at that moment; they are tried again."),
  DISK_FULL_REFUSALS("Writes turned away because a disk is full, here or at a replica."),
  TOO_FEW_COPIES(
      "Writes not done, or not vouched for, with fewer active copies than --min-copies."),
  EXPIRED_DROPPED("Records whose expiry had passed, dropped from the store."),
  TOMBSTONE_GC_REFUSED(
      "Times that old tombstones stayed, as some server is silent or has replicas to make equal."),
  WRITE_PAUSES("Times that writes were held for a moment, for the ClockTime of a backup."),
  WRITE_PAUSES_CUT(
      "Pauses of writes for a backup that the server ended itself, as they took too long."),
  BACKUPS_FORGOTTEN("Backups of the cluster that were given up, as nobody had asked for a while."),
  BACKUP_RECORDS("Records given to backups of the cluster."),
  SCRUBBED("Records that the scrub read and found to have their checksums."),
  SCRUBBED_BYTES("Keys and values of the records that the scrub found sound."),
  SCRUB_DAMAGED("Records that the scrub found damaged; each pass counts those that still are."),
  SCRUB_PASSES("Times that the scrub has read all records.");

  private final String help;

  ServerMetric(String help) {
    this.help = help;
  }

  /** One sentence for those who watch it. */
  public String help() {
    return help;
  }

  /** As metrics systems write it, such as {@code kumo_server_gets_total}. */
  public String metricName() {
    return "kumo_server_" + name().toLowerCase(Locale.ROOT) + "_total";
  }
}
