package io.kumo.server.metrics;

import java.util.Locale;

/**
 * Everything that a server counts since it started, in one place; the name on the outside is
 * derived.
 */
public enum ServerMetric {
  /** Reads answered, as "cmd_get" of kumofs 0.4.13 counts them. */
  GETS,
  /** Writes that this server coordinated to their end. */
  SETS,
  /** Deletes that this server coordinated to their end. */
  DELETES,
  /** Reads and writes turned away because another node is responsible. */
  NOT_RESPONSIBLE,
  /** Reads and writes turned away because too many were pending. */
  OVERLOADED,
  /** Reads and writes dropped before they began, because nobody waited for them any more. */
  ABANDONED,
  /** Writes not acknowledged by their deadline. */
  WRITE_TIMED_OUT,
  /** Writes whose outcome nobody knows. */
  WRITE_UNKNOWN,
  /** Writes that were answered from the memory of request ids. */
  WRITE_REPEATED,
  /** Replicas given up after all retries. */
  REPLICATION_FAILED,
  /** Replicas that turned this coordinator away because of the hash spaces. */
  FENCED,
  /** Coordinators that this replica turned away because of the hash spaces. */
  FENCED_OFF,
  /** Writes that met a newer record at a replica. */
  REPLICA_HAD_NEWER,
  /** Records stored as a replica. */
  REPLICATED,
  /** Records that came as a replica and were not newer. */
  REPLICATED_OLDER,
  /** Keys whose newest record was asked for after a failover. */
  RECOVERED,
  /** Keys pulled from the read hash space in a rebalance. */
  PULLED,
  /** Keys whose newest record could not be had. */
  PULL_FAILED,
  /** Keys whose replicas were compared and made equal. */
  REPAIRED,
  /** Keys that waited for repair when the queue was full. */
  REPAIR_DROPPED,
  /** Records streamed to servers that are to have them. */
  COPIED,
  /** Records that these servers turned out to have already. */
  COPY_SPARED,
  /** Writes that the store was not ready for at that moment; they are tried again. */
  STORE_BUSY,
  /** Writes turned away because a disk is full, here or at a replica. */
  DISK_FULL;

  /** One sentence for those who watch it. */
  public String help() {
    return "Events of the kind \"" + name().toLowerCase(Locale.ROOT).replace('_', ' ') + "\".";
  }

  /** As metrics systems write it, such as {@code kumo_server_gets_total}. */
  public String metricName() {
    return "kumo_server_" + name().toLowerCase(Locale.ROOT) + "_total";
  }
}
